import { join, relative, sep } from 'node:path';
import type { Context } from '../context.ts';
import { findUp } from '../project/find-root.ts';
import { PACKAGE_NAME } from '../templates/model.ts';
import type { DoctorRepo } from './repo.ts';
import type { RunnableCheck } from './run.ts';

/** It loads Metro’s config and asks Gradle nothing; a cold disk takes its time. */
const LIMIT_MS = 60_000;

/** Of react-native: starts the @react-native-community/cli that the app has. */
const CLI = 'node_modules/react-native/cli.js';

/** The repo, and the way to its tools. */
export interface ToolBench {
  readonly repo: DoctorRepo;
  readonly ctx: Context;
}

/** Longer than the tools get themselves. Milliseconds. */
export const TOOLS_LIMIT_MS = LIMIT_MS + 10_000;

/** What `doctor --run-tools` adds, which runs code of the app’s own: checks of what its tools say. */
export const TOOL_CHECKS: readonly RunnableCheck<ToolBench>[] = [
  {
    id: 'T01',
    title: 'React Native’s own CLI lists the generated package',
    severity: 'error',
    why: 'Gradle and CocoaPods link what `react-native config` lists, and nothing else: without it the app builds, and has no native module.',
    source: 'https://github.com/react-native-community/cli/blob/main/docs/autolinking.md',
    fix: 'Run `npx bgsync init` again, or put the entry into what react-native.config.js exports.',
    explain:
      'J12 reads react-native.config.js. This check runs it: with --run-tools, `react-native config` of the app’s own node_modules is started in the app’s folder, and its JSON must have the package with the folder of bgsync.config.json. It finds what cannot be read from the text: an entry that is overwritten later, a config of another file that wins, a package.json of the generated package that was broken.\n\nIt is never run unless asked for, because it executes code of the repo.',
    appliesTo: ({ repo: { integration, host } }) =>
      integration?.config !== undefined && host !== 'expo',
    async run({ repo, ctx }) {
      const config = repo.integration?.config;
      if (config === undefined) return [];
      const file = 'react-native.config.js';
      // A workspace may have it further up.
      const holder = await findUp(ctx.fs, repo.root, CLI);
      if (holder === undefined) {
        throw new Error('react-native is not installed: run the package manager’s install first');
      }
      const { code, stdout, stderr, isTimedOut } = await ctx.exec.run(
        process.execPath,
        [join(holder, CLI), 'config'],
        { env: ctx.env, timeoutMs: LIMIT_MS, signal: ctx.signal, cwd: repo.root },
      );
      if (code !== 0) {
        const [said = ''] = stderr.trim().split('\n').slice(-1);
        throw new Error(
          isTimedOut
            ? `react-native config gave no answer within ${LIMIT_MS / 1000} s`
            : `react-native config failed: ${said || `exit code ${code ?? 'unknown'}`}`,
        );
      }
      const found = findDependencyRoot(stdout);
      if (found === undefined) {
        return [{ file, message: `react-native config does not list '${PACKAGE_NAME}'` }];
      }
      const root = relative(repo.root, found).split(sep).join('/');
      if (root === config.moduleDir) return [];
      const message = `react-native config has '${PACKAGE_NAME}' in ${root}, the package is in ${config.moduleDir}`;
      return [{ file, message }];
    },
  },
];

/** @throws Error where the output is no config */
function findDependencyRoot(stdout: string): string | undefined {
  // Plugins print lines of their own before it.
  const start = stdout.indexOf('{');
  let document: unknown;
  try {
    document = JSON.parse(stdout.slice(Math.max(start, 0)));
  } catch {
    throw new Error('react-native config did not print JSON');
  }
  const dependencies = (document as { dependencies?: Record<string, { root?: unknown }> })
    .dependencies;
  const root = dependencies?.[PACKAGE_NAME]?.root;
  return typeof root === 'string' ? root : undefined;
}
