/** Questions for a terminal that cannot move its cursor (`TERM=dumb`: Emacs's shells, editors' consoles): a line each. */
import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline';
import type { Prompt } from './context.ts';
import { CancelError } from './errors.ts';

export function createPlainPrompt(input: Readable, output: Writable): Prompt {
  /** @throws CancelError where the input has ended */
  const ask = (question: string): Promise<string> => {
    const lines = createInterface({ input, output, terminal: false });
    return new Promise((resolve, reject) => {
      lines.once('close', () => reject(new CancelError('Nothing was changed.')));
      lines.question(question, (answer) => {
        resolve(answer.trim().toLowerCase());
        lines.close();
      });
    });
  };
  return {
    async confirm(message, initial) {
      for (;;) {
        const answer = await ask(`${message} ${initial ? '[Y/n]' : '[y/N]'} `);
        if (answer === '') return initial;
        if (/^(?:yes|no|y|n)$/.test(answer)) return answer.startsWith('y');
      }
    },
    async select(message, options) {
      const rows = options.map(
        ({ label, hint }, i) => `  ${i + 1}. ${label}${hint === undefined ? '' : ` (${hint})`}\n`,
      );
      output.write(`${message}\n${rows.join('')}`);
      for (;;) {
        const answer = await ask('  Number [1]: ');
        const chosen = options[Number(answer === '' ? 1 : answer) - 1];
        if (chosen !== undefined) return chosen.value;
      }
    },
  };
}
