import type { PackageManager } from './project.ts';

interface Commands {
  /** Installs what package.json says. */
  readonly all: string;
  /** Adds the packages whose names follow. */
  readonly add: string;
  /** The same for development, with the exact version. */
  readonly dev: string;
  /** Runs a command of a package that the app depends on. */
  readonly run: string;
}

/** https://docs.npmjs.com/cli, https://yarnpkg.com/cli (classic Yarn has these, too), https://pnpm.io/cli, https://bun.com/docs/cli */
const COMMANDS: Readonly<Record<PackageManager, Commands>> = {
  npm: {
    all: 'npm install',
    add: 'npm install',
    dev: 'npm install --save-dev --save-exact',
    run: 'npx',
  },
  yarn: { all: 'yarn install', add: 'yarn add', dev: 'yarn add --dev --exact', run: 'yarn' },
  pnpm: {
    all: 'pnpm install',
    add: 'pnpm add',
    dev: 'pnpm add --save-dev --save-exact',
    run: 'pnpm exec',
  },
  bun: { all: 'bun install', add: 'bun add', dev: 'bun add --dev --exact', run: 'bunx' },
};

export const commandsOf = (manager: PackageManager): Commands => COMMANDS[manager];

/** Commands of packages that an app has among its dependencies; `npx` of any other downloads it, whatever the manager. */
const OF_THE_APP = /\bnpx (?=(?:expo|react-native|cap|prettier|bgsync)(?![\w@-]))/g;

/**
 * An instruction in the commands of the app's package manager. `npx` of a package that is installed is not Yarn's: with
 * Plug'n'Play there is no node_modules, and npx would download what is there already.
 *
 * @param text with the commands of npm
 * @param isPinned whether bgsync is among the app's own dependencies
 */
export function inCommandsOf(manager: PackageManager, text: string, isPinned: boolean): string {
  if (manager === 'npm' || !/\bnp[mx] /.test(text)) return text;
  const { add, dev, run } = COMMANDS[manager];
  return text
    .replace(/\bnpm install --save-dev(?: --save-exact)? (?=[@\w])/g, `${dev} `)
    .replace(/\bnpm install (?=[@\w])/g, `${add} `)
    .replace(OF_THE_APP, (written, at: number) =>
      text.startsWith('bgsync', at + written.length) && !isPinned ? written : `${run} `,
    );
}
