import type { Prompt, SelectOption } from './context.ts';
import { CancelError } from './errors.ts';

/** The bar of clack's would set questions, and nothing else of what bgsync says, off from the left edge. */
const PLAIN = { withGuide: false };

/** Asks through clack, which is loaded with the first question. */
export const prompt: Prompt = {
  async confirm(message, initial) {
    const clack = await import('@clack/prompts');
    const answer = await clack.confirm({ ...PLAIN, message, initialValue: initial });
    if (clack.isCancel(answer)) throw new CancelError('Nothing was changed.');
    return answer;
  },
  async select<T>(message: string, options: readonly SelectOption<T>[]): Promise<T> {
    const clack = await import('@clack/prompts');
    // clack's type of an option depends on T; an index does not.
    const answer = await clack.select<number>({
      ...PLAIN,
      message,
      options: options.map(({ label, hint }, value) => ({
        value,
        label,
        ...(hint === undefined ? {} : { hint }),
      })),
    });
    if (clack.isCancel(answer)) throw new CancelError('Nothing was changed.');
    const chosen = options[answer];
    if (chosen === undefined) throw new RangeError('the prompt answers with one of its options');
    return chosen.value;
  },
};
