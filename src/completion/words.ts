import type { Command, Option } from 'commander';

/** What a shell can complete, as plain data: the scripts are made of this, and so name what `--help` names. */
export interface Words {
  readonly program: CommandWords;
  readonly commands: readonly CommandWords[];
}

export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  /** What may stand as the command's own argument. */
  readonly argument: readonly string[];
}

export interface OptionWords {
  /** `-y`, `--yes` */
  readonly flags: readonly string[];
  readonly description: string;
  readonly value: ValueWords;
  readonly repeats: boolean;
}

/** What follows an option: nothing, one of some words, a file or folder, or something that no shell knows. */
export type ValueWords =
  | { readonly kind: 'none' | 'file' | 'folder' | 'text' }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly optional: boolean };

/** @param ids of the doctor's checks */
export function wordsOf(program: Command, ids: readonly string[]): Words {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  const names = commands.map((command) => command.name());
  const words = (command: Command): CommandWords => ({
    name: command.name(),
    description: oneLine(command.description()),
    options: help.visibleOptions(command).map((option) => optionWords(option, ids)),
    argument: command.registeredArguments.flatMap((argument) =>
      argument.name() === 'command' ? names : (argument.argChoices ?? []),
    ),
  });
  return {
    program: { ...words(program), argument: [] },
    commands: commands.map(words),
  };
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function optionWords(option: Option, ids: readonly string[]): OptionWords {
  const flags = [option.short, option.long].filter((flag) => flag != null);
  return {
    flags,
    description: oneLine(option.description),
    value: valueWords(option, ids),
    repeats: option.description.includes('repeatable'),
  };
}

function valueWords(option: Option, ids: readonly string[]): ValueWords {
  const [, name] = /[<[]([^>\]]+)[>\]]$/.exec(option.flags) ?? [];
  if (name === undefined) return { kind: 'none' };
  if (option.argChoices !== undefined) {
    return { kind: 'choice', choices: option.argChoices, optional: option.optional };
  }
  if (['--only', '--skip', '--explain'].includes(option.long ?? '')) {
    return { kind: 'choice', choices: ids, optional: option.optional };
  }
  if (name === 'file' || option.long === '--adb' || option.long === '--xcrun') {
    return { kind: 'file' };
  }
  if (name === 'dir') return { kind: 'folder' };
  // `--device [id]`: nothing has to follow.
  return option.optional ? { kind: 'none' } : { kind: 'text' };
}
