import type { Command } from 'commander';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { wordsOf } from '../completion/words.ts';
import type { Words } from '../completion/words.ts';
import { zshScript } from '../completion/zsh.ts';
import type { CommandResult, Context } from '../context.ts';
import { RULES } from '../doctor/catalogue.ts';
import { ExitCode } from '../exit-code.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const satisfies Record<
  string,
  (words: Words) => string
>;

export type Shell = keyof typeof SCRIPTS;

/** `bgsync completion <shell>`: prints the script that lets this shell complete what `program` takes. */
export function completion(program: Command, shell: Shell, { report }: Context): CommandResult {
  report.raw(
    SCRIPTS[shell](
      wordsOf(
        program,
        RULES.map(({ id }) => id),
      ),
    ),
  );
  return { exitCode: ExitCode.ok };
}
