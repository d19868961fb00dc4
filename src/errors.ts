import { ExitCode } from './exit-code.ts';

/**
 * Something the user can act on. Shown without a stack: what happened and where in the message, what to do next in
 * `hint`.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, options: { hint?: string; exitCode?: ExitCode } = {}) {
    super(message);
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? ExitCode.usage;
  }
}

/** The user said no, or pressed Ctrl-C at a prompt. */
export class CancelError extends Error {
  override readonly name = 'CancelError';
}
