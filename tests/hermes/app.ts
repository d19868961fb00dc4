import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillInFile } from '../helpers/fill-in.ts';
import { QUEUE_PACKAGES, makeInstalledTemplate } from '../helpers/installed-template.ts';
import { must } from '../helpers/must.ts';
import { BIN } from '../helpers/template-app.ts';
import type { TemplateVersion } from '../helpers/template-app.ts';
import { bundleFor } from './bundle.ts';
import type { Line } from './engine.ts';
import { evaluate } from './engine.ts';
import { sqlOfNode } from './sql.ts';

/** By the Hermes that is its default. */
const APPS: Readonly<Record<Line, TemplateVersion>> = { legacy: '0.83', v1: '0.87' };

const PHONE = join(import.meta.dirname, 'phone.js');
const BUNDLE = join(import.meta.dirname, '../apps/bundle.mjs');

/** What the app does when it is used. */
const CHANGES = `
const change = (type: string) =>
  queue.enqueue({ type, entityId: '1', kind: 'rename', payload: { title: type } });
void change('quick');
Object.assign(globalThis, { changeAgain: () => change('slow') });
`;

const versionOf = (app: string): string => {
  const manifest = readFileSync(join(app, 'node_modules/react-native/package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
};

export interface AppRun {
  readonly version: TemplateVersion;
  /** What the app's bundle told its native half, one line each. */
  readonly said: readonly string[];
  readonly errors: string;
}

/**
 * A template app with the queue, as Metro bundles it for a release, in the Hermes that it has by default: React Native's own
 * start-up, the generated package, the queue in the JavaScript of op-sqlite and the Keychain's package. The app's process is
 * started in the background, and two windows open.
 *
 * @throws where the app cannot be made
 */
export async function runApp(line: Line): Promise<AppRun> {
  const version = APPS[line];
  const cache = process.env.BGSYNC_TEST_CACHE ?? join(tmpdir(), 'bgsync-apps');
  const app = join(cache, `hermes-${version}`);
  makeInstalledTemplate(version, app, QUEUE_PACKAGES);
  must(process.execPath, [BIN, 'init', '--yes', '--queue', 'op-sqlite'], app);
  fillInFile(join(app, 'src/sync-queue.ts'));
  appendFileSync(join(app, 'src/background-sync.ts'), CHANGES);
  const bundle = `${app}.bundle.js`;
  rmSync(bundle, { force: true });
  must(process.execPath, [BUNDLE, 'android', bundle], app);
  const [major = 0, minor = 0, patch = 0] = versionOf(app).split('.').map(Number);
  const phone = await bundleFor(line, PHONE, {
    REACT_NATIVE_VERSION: { major, minor, patch, prerelease: null },
  });
  const { lines, errors } = await evaluate(line, [phone, bundle], sqlOfNode());
  return { version, said: lines, errors };
}
