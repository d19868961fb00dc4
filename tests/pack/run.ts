/**
 * `npm run test:pack`: what npm would publish is packed, installed into an app and used there, so that a file which is
 * missing from the package, or a dependency that is only here, shows.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { REPO, makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';

let passed = 0;

function run(cwd: string, expected: number, command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== expected) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${status ?? 'a signal'}\n${stdout}${stderr}`,
    );
  }
  passed += 1;
  console.log(`ok   ${command} ${args.join(' ')}`);
  return stdout;
}

/** Packages that the sources import: what is bundled of them goes with its licence. */
function importedPackages(): string[] {
  const { dependencies } = JSON.parse(readFileSync(join(REPO, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const found = new Set<string>();
  for (const file of readdirSync(join(REPO, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(join(REPO, 'src', file), 'utf8');
    for (const [, type, name = ''] of text.matchAll(
      /^(?:import|export)( type)? [^;]*?from '((?:@[\w.-]+\/)?[\w-]+)[^']*';/gm,
    )) {
      if (type === undefined && !name.startsWith('node') && !(name in dependencies)) {
        found.add(name);
      }
    }
  }
  return [...found];
}

const folder = scratchFolder();
try {
  const app = join(folder, 'app');
  mkdirSync(app);
  makeTemplateApp('0.87', app);
  run(REPO, 0, 'npm', 'pack', '--silent', '--pack-destination', folder);
  // Only bgsync itself: the app's own packages are not needed for what follows.
  const prefix = join(folder, 'installed');
  mkdirSync(prefix);
  const tarball = join(folder, `bgsync-${process.env.npm_package_version ?? '0.1.0'}.tgz`);
  run(prefix, 0, 'npm', 'install', '--no-audit', '--no-fund', '--prefix', prefix, tarball);
  const bgsync = join(prefix, 'node_modules/.bin/bgsync');
  const text = readFileSync(
    join(prefix, 'node_modules/bgsync/dist/THIRD-PARTY-LICENSES.txt'),
    'utf8',
  );
  const imported = importedPackages();
  const missing = imported.filter((name) => !text.includes(`\n${name} `));
  if (imported.length < 10 || missing.length > 0) {
    throw new Error(`bundled without their licence: ${missing.join(', ')} (of ${imported.length})`);
  }
  run(app, 0, bgsync, '--version');
  run(app, 0, bgsync, '--help');
  run(app, 2, bgsync, 'init');
  run(app, 0, bgsync, 'init', '--yes');
  run(app, 0, bgsync, 'doctor');
  const log = run(app, 0, bgsync, 'trigger', '--platform', 'local', '--json');
  if (!log.includes('"run.end"')) throw new Error(`the local run left no end:\n${log}`);
  console.log(`\n${passed} passed, 0 failed`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
