import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { CancelError } from '../../src/errors.ts';
import { createPlainPrompt } from '../../src/plain-prompt.ts';

/** @param lines what is typed, each once it is asked for */
function terminal(...lines: string[]): {
  prompt: ReturnType<typeof createPlainPrompt>;
  shown: () => string;
} {
  const input = new PassThrough();
  const output = new PassThrough();
  let text = '';
  output.on('data', (part: Buffer) => {
    text += part.toString();
    if (!text.endsWith(' ')) return;
    const next = lines.shift();
    setImmediate(() => (next === undefined ? input.end() : input.write(next)));
  });
  return { prompt: createPlainPrompt(input, output), shown: () => text };
}

test.each([
  ['\n', true, true],
  ['\n', false, false],
  ['n\n', true, false],
  ['YES\n', false, true],
])('%j answers a question whose suggestion is %s with %s', async (line, initial, answer) => {
  const { prompt, shown } = terminal(line);
  expect(await prompt.confirm('Apply?', initial)).toBe(answer);
  expect(shown()).toBe(`Apply? ${initial ? '[Y/n]' : '[y/N]'} `);
});

test('what is no answer is asked again', async () => {
  const { prompt, shown } = terminal('perhaps\n', 'y\n');
  expect(await prompt.confirm('Apply?', false)).toBe(true);
  expect(shown()).toBe('Apply? [y/N] Apply? [y/N] ');
});

test('one of several is chosen by its number, the first by a bare return key', async () => {
  const options = [
    { value: 'a', label: 'android' },
    { value: 'b', label: 'ios', hint: 'a simulator' },
  ];
  const { prompt, shown } = terminal('3\n', '0\n', 'x\n', '2\n', '\n');
  expect(await prompt.select('Where?', options)).toBe('b');
  expect(shown()).toMatch(
    /^Where\?\n {2}1\. android\n {2}2\. ios \(a simulator\)\n {2}Number \[1\]: /,
  );
  expect(await prompt.select('Where?', options)).toBe('a');
  expect(shown()).not.toContain('\u001b');
});

test('the end of the input is no answer', async () => {
  await expect(terminal().prompt.confirm('Apply?', true)).rejects.toThrow(CancelError);
});
