import type { CommandWords, OptionWords, Words } from './words.ts';

/** For bash 3.2 (macOS) and newer; it needs no bash-completion. */
export function bashScript({ program, commands }: Words): string {
  const names = commands.map(({ name }) => name);
  const own = commands.flatMap((command) => [
    `    ${command.name})`,
    `      words='${[...command.argument, ...flagsOf(command)].join(' ')}' ;;`,
  ]);
  return [
    '# bgsync completion for bash. In ~/.bashrc: source <(bgsync completion bash)',
    '_bgsync() {',
    '  local IFS=$\' \\t\\n\' cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" command="" words="" i',
    '  # Bash takes --name=value apart at the sign.',
    '  if [ "$cur" = "=" ]; then cur=""; elif [ "$prev" = "=" ]; then prev="${COMP_WORDS[COMP_CWORD-2]}"; fi',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    case "${COMP_WORDS[i]}" in',
    `      ${names.join('|')}) command="\${COMP_WORDS[i]}"; break ;;`,
    '    esac',
    '  done',
    '  case "$command $prev" in',
    ...commands.flatMap((command) => command.options.flatMap((one) => valueOf(command.name, one))),
    '  esac',
    '  case "$command" in',
    `    '') words='${[...names, ...flagsOf(program)].join(' ')}' ;;`,
    ...own,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '}',
    'complete -F _bgsync bgsync',
    '',
  ].join('\n');
}

const flagsOf = ({ options }: CommandWords): string[] =>
  options.flatMap(({ flags }) => flags.filter((flag) => flag.startsWith('--')));

function valueOf(command: string, { flags, value }: OptionWords): string[] {
  const pattern = flags.map((flag) => `'${command} ${flag}'`).join('|');
  switch (value.kind) {
    case 'none':
      return [];
    case 'text':
      return [`    ${pattern}) return ;;`];
    case 'choice':
      return [
        `    ${pattern})`,
        `      COMPREPLY=($(compgen -W '${value.choices.join(' ')}' -- "$cur"))`,
        // Where the value may be left out, a further option may follow.
        value.optional ? `      [ "\${cur:0:1}" = - ] || return ;;` : '      return ;;',
      ];
    case 'file':
    case 'folder':
      return [
        `    ${pattern})`,
        "      IFS=$'\\n'",
        // Bash 3.2 has no compopt: a name with a blank is then not quoted.
        '      type compopt >/dev/null 2>&1 && compopt -o filenames',
        `      COMPREPLY=($(compgen ${value.kind === 'file' ? '-f' : '-d'} -- "$cur"))`,
        '      return ;;',
      ];
  }
}
