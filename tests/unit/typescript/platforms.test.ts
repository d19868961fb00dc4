import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test, vi } from 'vitest';

const ENTRY = fileURLToPath(new URL('../../../templates/typescript/index.ts', import.meta.url));

interface Generated {
  readonly BackgroundSync: { drainNow(): Promise<object> };
  readonly registerBackgroundSync: (options: object) => void;
}

/** What is generated, as a bundle for a platform has it, beside a `react-native` of that platform. */
async function load(reactNative: object): Promise<Generated> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    format: 'cjs',
    external: ['react-native'],
    write: false,
    logLevel: 'silent',
  });
  const module = { exports: {} };
  const world = { module, console, require: () => reactNative };
  runInNewContext(outputFiles[0]?.text ?? '', world);
  return module.exports as Generated;
}

const AppRegistry = { registerHeadlessTask: vi.fn<() => void>() };
const queue = { drainQueue: () => Promise.resolve(0) };

// https://github.com/necolas/react-native-web/blob/master/packages/react-native-web/src/index.js
const WEB = { AppRegistry, Platform: { OS: 'web' } };
const absent = { get: () => null };

test.each([
  ['web', WEB],
  ...['macos', 'windows', 'ios', 'android'].map((OS): [string, object] => [
    OS,
    { AppRegistry, Platform: { OS }, TurboModuleRegistry: absent },
  ]),
])('an app on %s starts without the native module, and is told once', async (name, reactNative) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  onTestFinished(() => warn.mockRestore());
  const { BackgroundSync, registerBackgroundSync } = await load(reactNative);
  registerBackgroundSync({ queue });
  registerBackgroundSync({ name: 'photos', queue });
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]?.[0]).toMatch(/In Jest, in Expo Go and on the web this is expected/);
  expect(await BackgroundSync.drainNow()).toEqual({ outcome: 'skipped', remaining: -1 });
  expect(AppRegistry.registerHeadlessTask).toHaveBeenCalledTimes(name === 'android' ? 1 : 0);
});
