import type { OptionWords, Words } from './words.ts';

/** For fish 3 and newer. */
export function fishScript({ program, commands }: Words): string {
  const first = "-n '__fish_use_subcommand'";
  return [
    '# bgsync completion for fish: bgsync completion fish > ~/.config/fish/completions/bgsync.fish',
    'complete -c bgsync -f',
    ...program.options.map((option) => `complete -c bgsync ${first} ${specOf(option)}`),
    ...commands.flatMap(({ name, description, options, argument }) => {
      const seen = `-n '__fish_seen_subcommand_from ${name}'`;
      // A word of `help` is the name of a command, too.
      const own =
        argument.length === 0 ? [] : [`complete -c bgsync ${seen} -a ${quote(argument.join(' '))}`];
      return [
        `complete -c bgsync ${first} -a ${name} -d ${quote(description)}`,
        ...options.map((option) => `complete -c bgsync ${seen} ${specOf(option)}`),
        ...options.flatMap((option) => optionalValueOf(name, option)),
        ...own,
      ];
    }),
    '',
  ].join('\n');
}

function specOf({ flags, description, value }: OptionWords): string {
  const names = flags.map((flag) =>
    flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
  );
  return [...names, ...valueOf(value), `-d ${quote(description)}`].join(' ');
}

function valueOf(value: OptionWords['value']): string[] {
  switch (value.kind) {
    case 'none':
      return [];
    case 'text':
      return ['-x'];
    case 'choice':
      return value.optional ? [] : ['-x', `-a ${quote(value.choices.join(' '))}`];
    case 'file':
      return ['-r', '-F'];
    case 'folder':
      return ['-x', "-a '(__fish_complete_directories)'"];
  }
}

/** To fish an option either always takes the next word or never does. */
function optionalValueOf(command: string, { flags, value }: OptionWords): string[] {
  if (value.kind !== 'choice' || !value.optional) return [];
  const after = `__fish_seen_subcommand_from ${command}; and __fish_prev_arg_in ${flags.join(' ')}`;
  return [`complete -c bgsync -n ${quote(after)} -a ${quote(value.choices.join(' '))}`];
}

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
