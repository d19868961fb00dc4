import type { Context } from '../../context.ts';
import { installed } from '../../place.ts';
import { findFolder } from '../../project/find-up.ts';
import type { DoctorRepo } from '../repo.ts';

/** The repo, and the way to its tools. */
export interface ToolBench {
  readonly repo: DoctorRepo;
  readonly ctx: Context;
}

/** A tool loads the app’s config, Metro’s and Babel’s among it; a cold disk takes its time. */
const LIMIT_MS = 60_000;

/** Longer than the tools get themselves: one for each platform. Milliseconds. */
export const TOOLS_LIMIT_MS = 2 * LIMIT_MS + 10_000;

/** A script of an installed package that Node runs. */
export interface Tool {
  /** For people: `react-native config`. */
  readonly name: string;
  readonly package: string;
  /** Inside the package. */
  readonly script: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a tool of the app’s own, in the app’s folder.
 *
 * @returns the JSON that it prints
 * @throws Error that says why there is none: it is not installed, it failed, it printed something else
 */
export function askTool(bench: ToolBench, tool: Tool): Promise<unknown> {
  const asked = answers.get(bench) ?? new Map<Tool, Promise<unknown>>();
  answers.set(bench, asked);
  const answer = asked.get(tool) ?? runTool(bench, tool);
  asked.set(tool, answer);
  return answer;
}

/** Several checks may read what one run of a tool says. */
const answers = new WeakMap<ToolBench, Map<Tool, Promise<unknown>>>();

async function runTool(
  { repo, ctx }: ToolBench,
  { name, package: owner, script, args, env }: Tool,
): Promise<unknown> {
  // A workspace may have it further up, and pnpm links it to elsewhere.
  const placeIn = (folder: string) => installed(folder, owner, script);
  const holder = await findFolder(ctx.fs, repo.root, placeIn);
  const place = holder === undefined ? undefined : placeIn(holder);
  if (place === undefined) {
    throw new Error(`${owner} is not installed: run the package manager’s install first`);
  }
  const { code, stdout, stderr, isTimedOut } = await ctx.exec.run(
    process.execPath,
    [place.absolute, ...args],
    { env: { ...ctx.env, ...env }, timeoutMs: LIMIT_MS, signal: ctx.signal, cwd: repo.root },
  );
  if (isTimedOut) throw new Error(`${name} gave no answer within ${LIMIT_MS / 1000} s`);
  if (code !== 0) {
    const [said = ''] = stderr.trim().split('\n').slice(-1);
    throw new Error(`${name} failed: ${said === '' ? `exit code ${code ?? 'unknown'}` : said}`);
  }
  const document = jsonIn(stdout);
  if (document === undefined) throw new Error(`${name} did not print JSON`);
  return document;
}

/** Plugins print lines of their own before it, which may begin like it. */
function jsonIn(stdout: string): unknown {
  for (const { index } of [...stdout.matchAll(/^[\t ]*\{/gm)].slice(0, 20)) {
    try {
      return JSON.parse(stdout.slice(index));
    } catch {
      continue;
    }
  }
  return undefined;
}
