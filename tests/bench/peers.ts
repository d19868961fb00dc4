import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Outside of this repo: none of it is a dependency of bgsync's. Kept. */
const FOLDER = join(process.env.BGSYNC_TEST_CACHE ?? join(tmpdir(), 'bgsync-apps'), 'bench');

const NODES = [20, 22, 24];

/** What React Native developers run beside bgsync. */
const CLI = '@react-native-community/cli';
const CLI_VERSION = '20.2.0';

export interface Peers {
  /** Each Node that is supported for long, by its major version. */
  readonly nodes: readonly { readonly major: number; readonly path: string }[];
  /** React Native's CLI, for Node to run. */
  readonly reactNativeCli: string;
}

/**
 * Installs, from npm and by name, the Nodes that this one is not, and React Native's CLI.
 *
 * @throws where npm cannot
 */
export function fetchPeers(): Peers {
  const own = Number(process.versions.node.split('.')[0]);
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const others = NODES.filter((major) => major !== own);
  const dependencies = {
    [CLI]: CLI_VERSION,
    ...Object.fromEntries(
      others.map((major) => [`node-${major}`, `npm:node-${system}-${process.arch}@${major}`]),
    ),
  };
  const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const nodes = NODES.map((major) => ({
    major,
    path: major === own ? process.execPath : join(FOLDER, 'node_modules', `node-${major}`, binary),
  }));
  const reactNativeCli = join(FOLDER, 'node_modules', CLI, 'build/bin.js');
  if (![reactNativeCli, ...nodes.map(({ path }) => path)].every((path) => existsSync(path))) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, 'package.json'), JSON.stringify({ private: true, dependencies }));
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', FOLDER];
    const { status } = spawnSync('npm', args, { stdio: 'inherit', shell: system === 'win' });
    if (status !== 0) throw new Error('npm could not install what bgsync is measured beside');
  }
  return { nodes, reactNativeCli };
}
