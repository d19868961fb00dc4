import { describe, expect, test } from 'vitest';
import { COMMANDS, runCli } from '../helpers/cli.ts';

/** Every option of a command, as its `--help` lists them. */
const optionsOf = (command: string): string[] =>
  [...runCli([command, '--help'], '/').stdout.matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm)].map(
    ([, option = '']) => option,
  );

// What the shells make of it is `npm run test:shells`.
describe.each([
  ['bash', (command: string) => new RegExp(`^ {4}${command}\\)\\n +words='(.*)' ;;$`, 'm')],
  ['zsh', (command: string) => new RegExp(`^ {8}${command}\\) (_arguments .*) ;;$`, 'm')],
  ['fish', (command: string) => new RegExp(`(?:^.*_from ${command}['; ].*\\n)+`, 'm')],
])('completion %s', (shell, partOf) => {
  const { code, stdout, stderr } = runCli(['completion', shell], '/');

  test('is a script, and nothing else', () => {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^#/);
  });

  test.each(COMMANDS)('names every option of %s', (command) => {
    const [part = ''] = partOf(command).exec(stdout) ?? [];
    const options = optionsOf(command);
    expect(options.length).toBeGreaterThan(1);
    const named = new Set([...part.matchAll(/(?:--|-l )([a-z][\w-]*)/g)].map(([, name]) => name));
    expect(options.filter((option) => !named.has(option))).toEqual([]);
  });
});

test('another shell is refused', () => {
  const { code, stderr } = runCli(['completion', 'tcsh'], '/');
  expect(code).toBe(2);
  expect(stderr).toContain('bash, zsh, fish');
});
