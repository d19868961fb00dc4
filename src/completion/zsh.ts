import type { CommandWords, OptionWords, Words } from './words.ts';

/** For zsh 5 and newer, sourced or as a file `_bgsync` in `fpath`. */
export function zshScript({ program, commands }: Words): string {
  return [
    '#compdef bgsync',
    '# bgsync completion for zsh. In ~/.zshrc, after compinit: source <(bgsync completion zsh)',
    '_bgsync() {',
    '  local curcontext="$curcontext" state line',
    '  typeset -A opt_args',
    '  local -a commands=(',
    ...commands.map(({ name, description }) => `    ${quote(`${name}:${colons(description)}`)}`),
    '  )',
    '  _arguments -C \\',
    ...program.options.map((option) => `    ${specOf(option)} \\`),
    "    '1: :->command' '*:: :->words'",
    '  case $state in',
    "    command) _describe -t commands 'bgsync command' commands ;;",
    '    words)',
    '      case $line[1] in',
    ...commands.map((command) => `        ${command.name}) ${argumentsOf(command)} ;;`),
    '      esac ;;',
    '  esac',
    '}',
    'if [ "$funcstack[1]" = "_bgsync" ]; then _bgsync "$@"; else compdef _bgsync bgsync; fi',
    '',
  ].join('\n');
}

function argumentsOf({ options, argument }: CommandWords): string {
  const own = argument.length === 0 ? [] : [quote(`1: :(${argument.join(' ')})`)];
  return ['_arguments', ...options.map(specOf), ...own].join(' ');
}

/** https://zsh.sourceforge.io/Doc/Release/Completion-System.html#index-_005farguments */
function specOf({ flags, description, value, repeats }: OptionWords): string {
  const text = `[${colons(description).replaceAll('[', '\\[').replaceAll(']', '\\]')}]`;
  const others = repeats ? '*' : `(${flags.join(' ')})`;
  const rest = `${text}${actionOf(value)}`;
  return flags.map((flag) => quote(`${others}${flag}${rest}`)).join(' ');
}

function actionOf(value: OptionWords['value']): string {
  switch (value.kind) {
    case 'none':
      return '';
    case 'text':
      return ':value: ';
    case 'choice':
      return `${value.optional ? '::' : ':'}value:(${value.choices.join(' ')})`;
    case 'file':
      return ':file:_files';
    case 'folder':
      return ':folder:_files -/';
  }
}

const colons = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll(':', '\\:');
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
