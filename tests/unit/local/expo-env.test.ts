import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { readEnvironment } from '../../../src/devices/local/world/expo-env.ts';
import { scratchFolder } from '../../helpers/template-app.ts';

let root = '';
beforeEach(() => {
  root = scratchFolder();
});
const put = (name: string, text: string): void => writeFileSync(join(root, name), text);

test('what comes first of the files holds, and the shell before them', () => {
  put(
    '.env',
    'EXPO_PUBLIC_A=env\nEXPO_PUBLIC_B=env\nEXPO_PUBLIC_C=env\nEXPO_PUBLIC_D=env\nSECRET=x\n',
  );
  put('.env.development', 'EXPO_PUBLIC_B=development\n');
  put('.env.local', 'EXPO_PUBLIC_C="local # no comment" # comment\n');
  put('.env.production', 'EXPO_PUBLIC_A=production\n');
  expect(
    readEnvironment(root, { EXPO_PUBLIC_D: 'shell', EXPO_PUBLIC_E: 'shell', HOME: '/' }, true),
  ).toEqual({
    EXPO_PUBLIC_A: 'env',
    EXPO_PUBLIC_B: 'development',
    EXPO_PUBLIC_C: 'local # no comment',
    EXPO_PUBLIC_D: 'shell',
    EXPO_PUBLIC_E: 'shell',
  });
});

test('names of others are replaced by their values', () => {
  put(
    '.env',
    [
      'HOST=example.com',
      'EXPO_PUBLIC_URL=https://$HOST/${VERSION:-v1}/$USER',
      String.raw`EXPO_PUBLIC_PRICE=\$5`,
      'EXPO_PUBLIC_NONE=a${NOTHING}b',
      'EXPO_PUBLIC_LOOP=x$EXPO_PUBLIC_LOOP',
    ].join('\n'),
  );
  const { EXPO_PUBLIC_LOOP: loop, ...others } = readEnvironment(root, { USER: 'me' }, true);
  expect(others).toEqual({
    EXPO_PUBLIC_URL: 'https://example.com/v1/me',
    EXPO_PUBLIC_PRICE: '$5',
    EXPO_PUBLIC_NONE: 'ab',
  });
  expect(loop).toMatch(/^x+$/);
});

test('without files, and where Expo is told not to read them, or is not there', () => {
  expect(readEnvironment(root, {}, true)).toEqual({});
  put('.env', 'EXPO_PUBLIC_A=a\n');
  expect(readEnvironment(root, { EXPO_NO_DOTENV: '1' }, true)).toEqual({});
  expect(readEnvironment(root, { EXPO_PUBLIC_B: 'b' }, false)).toEqual({ EXPO_PUBLIC_B: 'b' });
});
