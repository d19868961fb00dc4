import { CommanderError } from 'commander';
import { createProgram } from './cli.ts';
import { CancelError, UserError } from './errors.ts';
import { ExitCode } from './exit-code.ts';
import { printable } from './terminal.ts';
import { VERSION } from './version.ts';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Shows an error for what it is, and says which code the process ends with. */
function explain(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    // commander has printed its message; help and version end with 0.
    return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  }
  if (error instanceof CancelError) {
    say(error.message);
    return ExitCode.interrupted;
  }
  if (error instanceof UserError) {
    say(`error: ${printable(error.message)}`);
    if (error.hint !== undefined) say(`  ${printable(error.hint)}`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(
    `This is a bug in bgsync ${VERSION} (Node ${process.versions.node}, ${process.platform}):\n${printable(stack.replaceAll(process.cwd(), '<project>'))}\n` +
      'Please report it with the lines above.',
  );
  return ExitCode.internal;
}

// A reader that has seen enough (`| head`) closes the pipe: nothing is wrong.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(ExitCode.ok);
  throw error;
});

try {
  await createProgram((code) => (process.exitCode = code)).parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}
