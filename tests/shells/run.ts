/**
 * `npm run test:shells`: what `bgsync completion` prints is read by the real bash, zsh and fish, and asked there for what a
 * user would type. A shell that is absent is said, and fails the run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../helpers/cli.ts';

/** What stands before the tab, and what a shell must offer, and must not. */
interface Case {
  readonly line: string;
  readonly offers: readonly string[];
  readonly not?: readonly string[];
}

const CASES: readonly Case[] = [
  { line: 'bgsync ', offers: ['init', 'doctor', 'completion', 'help'], not: ['overview'] },
  { line: 'bgsync st', offers: ['status'], not: ['init'] },
  { line: 'bgsync init --', offers: ['--queue', '--dry-run', '--help'], not: ['--budget'] },
  { line: 'bgsync init --queue ', offers: ['op-sqlite', 'expo-sqlite'], not: ['local'] },
  { line: 'bgsync trigger --platform ', offers: ['local', 'android', 'ios'] },
  { line: 'bgsync trigger --offline --pl', offers: ['--platform'] },
  { line: 'bgsync doctor --explain A0', offers: ['A01', 'A02'], not: ['I03'] },
  { line: 'bgsync doctor --format sa', offers: ['sarif'], not: ['junit'] },
  { line: 'bgsync logs --input ni', offers: ['night log.txt'], not: ['--input'] },
  { line: 'bgsync completion ', offers: ['bash', 'zsh', 'fish'] },
  { line: 'bgsync help tri', offers: ['trigger'] },
];

const folder = mkdtempSync(join(tmpdir(), 'bgsync-shells-'));

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, HOME: folder, LANG: 'C.UTF-8', ...env },
  });
  if (error !== undefined || status !== 0) {
    throw new Error(`${command} ended with ${status ?? error?.message}\n${stdout}${stderr}`);
  }
  return stdout;
}

/** Each answers with the words that it would offer after a line, one a line. */
const SHELLS: Readonly<Record<string, (script: string, line: string) => string>> = {
  bash: (script, line) =>
    run(
      'bash',
      [
        '--norc',
        '-c',
        // What readline does: the words of the line, the last of them under the cursor.
        `source "$SCRIPT"; read -ra COMP_WORDS <<< "$LINE"; [[ $LINE == *' ' ]] && COMP_WORDS+=('')
         COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 )); COMP_LINE=$LINE; COMP_POINT=\${#LINE}
         complete -p bgsync >/dev/null && _bgsync 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`,
      ],
      { SCRIPT: script, LINE: line },
    ),
  zsh: (script, line) =>
    run(
      'zsh',
      [
        '-f',
        '-c',
        // A zsh at a terminal of its own; each match is printed by a compadd in between, as a list on the screen is cut to it.
        `zmodload zsh/zpty
         zpty z "PS1= PS2= zsh -f -i"
         zpty -w z 'autoload -Uz compinit && compinit -u -D; source $SCRIPT; PS1=""; unsetopt beep'
         zpty -w z 'compadd() { if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return $?; fi; local -a hits; builtin compadd -A hits "$@"; print -rl -- "MATCH:"$^hits >&9; builtin compadd "$@" }'
         zpty -w z 'finish() { print -r -- END >&9; zle kill-buffer }; zle -N finish; bindkey "^X" finish; bindkey "^I" list-choices'
         zpty -w z 'exec 9>$OUT; print -r REA""DY'
         zpty -r z seen '*READY*'
         zpty -w -n z "$LINE"$'\\t\\x18'
         until grep -q END $OUT; do zpty -r -t z seen; sleep 0.05; done
         zpty -d z; sed -n 's/^MATCH://p' $OUT`,
      ],
      { SCRIPT: script, LINE: line, OUT: join(folder, 'zsh.out') },
    )
      .replaceAll('\\ ', ' ')
      .replaceAll(/ $/gm, ''),
  fish: (script, line) =>
    run('fish', ['--no-config', '-c', 'source $SCRIPT; complete -C "$LINE"'], {
      SCRIPT: script,
      LINE: line,
    })
      // With its description after a tab, and blanks of a file's name escaped.
      .replaceAll(/\t.*$/gm, '')
      .replaceAll('\\ ', ' '),
};

let passed = 0;
const failures: string[] = [];
try {
  writeFileSync(join(folder, 'night log.txt'), '');
  for (const [shell, offered] of Object.entries(SHELLS)) {
    if (spawnSync(shell, ['--version']).error !== undefined) {
      failures.push(`${shell} is not on this machine: its completion was NOT tested`);
      continue;
    }
    const script = join(folder, `bgsync.${shell}`);
    writeFileSync(script, runCli(['completion', shell], folder).stdout);
    for (const { line, offers, not = [] } of CASES) {
      const words = offered(script, line).split('\n');
      const missing = offers.filter((word) => !words.includes(word));
      const wrong = not.filter((word) => words.includes(word));
      if (missing.length + wrong.length === 0) {
        passed += 1;
        console.log(`ok   ${shell}: ${line}`);
      } else {
        failures.push(
          `${shell}: \`${line}\` lacks [${missing.join(' ')}], offers [${wrong.join(' ')}] of:\n${words.join(' ')}`,
        );
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const failure of failures) console.error(`FAIL ${failure}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);
