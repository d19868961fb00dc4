import pc from 'picocolors';
import type * as Clack from './clack-library.ts';
import type { Prompt, SelectOption } from './context.ts';
import { CancelError } from './errors.ts';
import { wrapText } from './wrap.ts';

/**
 * Asks through clack, which is loaded with the first question. Its prompts are drawn here: the question where headings
 * begin, answers where what is below a heading begins, as all else that bgsync says.
 */
export const prompt: Prompt = {
  async confirm(message, initial) {
    if (isDumb()) return (await plain()).confirm(message, initial);
    const { ConfirmPrompt, S_RADIO_ACTIVE, S_RADIO_INACTIVE } = await library();
    const answers = ['Yes', 'No'] as const;
    const question = new ConfirmPrompt({
      active: answers[0],
      inactive: answers[1],
      initialValue: initial,
      render() {
        const chosen = this.cursor;
        const row = answers.map((label, index) =>
          index === chosen
            ? `${pc.green(S_RADIO_ACTIVE)} ${label}`
            : pc.dim(`${S_RADIO_INACTIVE} ${label}`),
        );
        return draw(message, this.state, answers[chosen], [row.join(pc.dim(' / '))]);
      },
    });
    return settled(await question.prompt());
  },
  async select<T>(message: string, options: readonly SelectOption<T>[]): Promise<T> {
    if (isDumb()) return (await plain()).select(message, options);
    const { SelectPrompt, S_RADIO_ACTIVE, S_RADIO_INACTIVE, limitOptions } = await library();
    // clack's type of an option depends on T; an index does not.
    const question = new SelectPrompt<{ value: number }>({
      options: options.map((_option, value) => ({ value })),
      render() {
        const { cursor } = this;
        const rows = limitOptions({
          options,
          cursor,
          columnPadding: INDENT.length,
          style: ({ label, hint }, isChosen) =>
            isChosen
              ? `${pc.green(S_RADIO_ACTIVE)} ${label}${hint === undefined ? '' : pc.dim(` (${hint})`)}`
              : pc.dim(`${S_RADIO_INACTIVE} ${label}`),
        });
        return draw(message, this.state, options[cursor]?.label ?? '', [...rows, pc.dim(KEYS)]);
      },
    });
    const answer = settled(await question.prompt());
    const chosen = options[answer];
    if (chosen === undefined) throw new RangeError('the prompt answers with one of its options');
    return chosen.value;
  },
};

/** Readline ends at Ctrl-D, clack hears nothing of that, and its promise would never be settled: there it leaves, too. */
async function library(): Promise<typeof Clack> {
  const clack = await import('./clack-library.ts');
  clack.updateSettings({ aliases: { '\u0004': 'cancel' } });
  return clack;
}

const isDumb = (): boolean => process.env.TERM === 'dumb';

const plain = async (): Promise<Prompt> =>
  (await import('./plain-prompt.ts')).createPlainPrompt(process.stdin, process.stdout);

const INDENT = '  ';
const KEYS = '↑/↓ to move, Enter to choose';

/** @param answer what is chosen, alone once it is final: of a question that was left it would read as if it were given */
function draw(message: string, state: string, answer: string, rows: readonly string[]): string {
  const below = { submit: [pc.dim(answer)], cancel: [pc.dim('no answer')] }[state];
  return [pc.bold(message), ...(below ?? rows).map((row) => INDENT + row)]
    .map((line) => wrapText(line, process.stdout.columns))
    .join('\n');
}

/** @throws CancelError where the user has left the prompt: clack answers with a symbol then */
function settled<T>(answer: T | symbol | undefined): Exclude<T, symbol> {
  if (typeof answer === 'symbol' || answer === undefined) {
    throw new CancelError('Nothing was changed.');
  }
  return answer as Exclude<T, symbol>;
}
