import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appIn, MODULE } from '../helpers/app.ts';
import { asAnother, canBeAnother } from '../helpers/another-user.ts';
import { BIN, makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';
import { shareOf } from '../share.mjs';

const SECRET = 'npm_CANARY0123456789';

/** What a commit, an archive or a container can put in a file's place. Made anew at `path`; `outside` is a secret. */
const KINDS: Readonly<Record<string, (path: string, outside: string) => unknown>> = {
  'a named pipe': (path) => execFileSync('mkfifo', [path]),
  'a folder': (path) => mkdirSync(path),
  'a link to /dev/zero': (path) => symlinkSync('/dev/zero', path),
  'a link to a secret': (path, outside) => symlinkSync(outside, path),
  'a link to git’s own': (path) => symlinkSync('/app/.git/config', path),
  'a file of 200 MB': (path) => {
    writeFileSync(path, '');
    truncateSync(path, 200 << 20);
  },
};

const FILES = [
  'package.json',
  'index.js',
  'bgsync.config.json',
  `${MODULE}/bgsync.lock.json`,
  `${MODULE}/src/core.ts`,
  'ios/HelloWorld/Info.plist',
  'ios/HelloWorld.xcodeproj/project.pbxproj',
  'android/app/build.gradle',
  '.gitignore',
  'node_modules/react-native/package.json',
];

const COMMANDS = [
  ['init', '--yes', '--allow-dirty'],
  ['update', '--dry-run'],
  ['remove', '--dry-run'],
  ['diff'],
  ['doctor'],
];

interface Ended {
  readonly code: number | string | null;
  readonly output: string;
}

/**
 * Ended by force after ten seconds of a processor, with no more than 512 MB, and where it hangs, however busy the machine:
 * then `code` is null, or a signal's.
 */
const bgsync = (
  args: readonly string[],
  cwd: string,
  ids: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const limited = ['-c', 'ulimit -t 10 && exec "$@"', 'sh'];
    const child = execFile(
      'sh',
      [...limited, process.execPath, '--max-old-space-size=400', BIN, ...args],
      { cwd, timeout: 90_000, killSignal: 'SIGKILL', maxBuffer: 1 << 26, ...ids },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, output: stdout + stderr }),
    );
    child.stdin?.end();
  });

let top = '';
let pristine = '';
beforeAll(() => {
  top = scratchFolder();
  chmodSync(top, 0o755);
  pristine = join(top, 'pristine');
  mkdirSync(pristine);
  makeTemplateApp('0.87', pristine);
  const app = appIn(pristine);
  app.write('node_modules/react-native/package.json', '{"version":"0.87.2"}');
  expect(app.run('init', '--yes').code).toBe(0);
  mkdirSync(join(top, 'outside'));
  writeFileSync(join(top, 'outside/npmrc'), SECRET);
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

const cases = Object.keys(KINDS).flatMap((kind) => FILES.map((file) => [kind, file] as const));

test.concurrent.each(shareOf(cases, 'places of hostile files'))(
  '%s in place of %s: each command ends within ten seconds of a processor, with an answer',
  async (kind, file) => {
    const n = cases.findIndex(([a, b]) => a === kind && b === file);
    const root = join(top, `app${n}`);
    cpSync(pristine, root, { recursive: true });
    rmSync(join(root, file));
    KINDS[kind]?.(join(root, file), join(top, 'outside/npmrc'));
    const outside = readTree(join(top, 'outside'));
    // Doctor each time, and each of the others in turn.
    for (const args of [COMMANDS[n % 4]!, ['doctor']]) {
      const { code, output } = await bgsync(args, root);
      expect([args, code, output]).toEqual([args, expect.toBeOneOf([0, 1, 2, 3, 4]), output]);
      expect(output).not.toContain(SECRET);
      expect(output).not.toContain('This is a bug');
    }
    expect(changedPaths(outside, readTree(join(top, 'outside')))).toEqual([]);
    rmSync(root, { recursive: true });
  },
);

test('a socket in place of the config is said to be one', async () => {
  const root = join(top, 'socket');
  cpSync(pristine, root, { recursive: true });
  rmSync(join(root, 'bgsync.config.json'));
  const server = createServer().listen(join(root, 'bgsync.config.json'));
  await new Promise((resolve) => server.once('listening', resolve));
  for (const args of COMMANDS.slice(0, 4)) {
    const { code, output } = await bgsync(args, root);
    expect([args, code]).toEqual([args, 2]);
    expect(output).toContain('bgsync.config.json is a socket');
  }
  server.close();
});

describe.concurrent('as a user who may not read it', () => {
  test.each(FILES)('%s: each command says so, or does without', async (file) => {
    expect(canBeAnother()).toBe(true);
    const root = join(top, `denied${FILES.indexOf(file)}`);
    cpSync(pristine, root, { recursive: true });
    for (const denied of [file, dirname(file)]) {
      if (denied === '.') continue;
      const mode = denied === file ? 0o644 : 0o755;
      execFileSync('chmod', ['-R', 'a+rwX', root]);
      chmodSync(join(root, denied), 0);
      const other = COMMANDS[FILES.indexOf(file) % 4]!;
      for (const args of [other, ['doctor']]) {
        const { code, output } = await bgsync(args, root, asAnother());
        expect([denied, args, code, output]).toEqual([
          denied,
          args,
          expect.toBeOneOf([0, 1, 2, 3, 4]),
          output,
        ]);
        expect(output).not.toContain('This is a bug');
      }
      chmodSync(join(root, denied), mode);
    }
    rmSync(root, { recursive: true });
  });

  test('the file and the reason are named', async () => {
    const root = join(top, 'named');
    cpSync(pristine, root, { recursive: true });
    chmodSync(join(root, 'bgsync.config.json'), 0);
    const { code, output } = await bgsync(['update', '--dry-run'], root, asAnother());
    expect(code).toBe(2);
    expect(output).toContain('bgsync.config.json cannot be read: permission was denied');
    const doctor = await bgsync(['doctor'], root, asAnother());
    expect(doctor.output).toContain('permission was denied');
    expect(readFileSync(join(pristine, 'bgsync.config.json'), 'utf8')).toContain('moduleDir');
  });

  test.each([
    ['ios/HelloWorld/Info.plist', 'I20'],
    ['ios/HelloWorld', 'I20'],
    ['ios/HelloWorld.xcodeproj', 'I20'],
    ['ios', 'X05'],
    ['android/app/build.gradle', 'X05'],
  ])('%s is not said to be gone by %s', async (path, id) => {
    const root = join(top, `closed-${path.replaceAll('/', '-')}`);
    cpSync(pristine, root, { recursive: true });
    execFileSync('chmod', ['-R', 'a+rwX', root]);
    chmodSync(join(root, path), 0);
    const { code, output } = await bgsync(['doctor', '--only', id], root, asAnother());
    chmodSync(join(root, path), 0o755);
    expect([code, output]).toEqual([0, expect.stringContaining('permission was denied') as string]);
    expect(output).not.toMatch(/is not there|there is no /);
  });

  test('with the home of someone else, as in a container', async () => {
    const root = join(top, 'foreign-home');
    cpSync(pristine, root, { recursive: true });
    execFileSync('chmod', ['-R', 'a+rwX', root]);
    const home = join(top, 'home-of-root');
    mkdirSync(home);
    chmodSync(home, 0);
    const env = { ...process.env, HOME: home, XDG_STATE_HOME: join(home, '.local/state') };
    const doctor = await bgsync(['doctor'], root, { ...asAnother(), env });
    expect(doctor.output).not.toContain('half done');
    const removed = await bgsync(['remove', '--yes', '--force'], root, { ...asAnother(), env });
    expect([removed.code, removed.output]).toEqual([
      0,
      expect.stringContaining('changed or removed') as string,
    ]);
  });
});
