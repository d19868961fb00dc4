import type { Prompt } from './context.ts';
import { CancelError } from './errors.ts';

/** Asks through clack, which is loaded with the first question. */
export const prompt: Prompt = {
  async confirm(message, initial) {
    const clack = await import('@clack/prompts');
    const answer = await clack.confirm({ message, initialValue: initial });
    if (clack.isCancel(answer)) throw new CancelError('Cancelled.');
    return answer;
  },
};
