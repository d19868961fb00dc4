import { isAbsolute, relative, sep } from 'node:path';
import type { Context, Report } from './context.ts';
import { quotePath } from './project/several-apps.ts';

/** What looks for an app, and so has to be told where it is; a file that is named, or a story of a check, needs none. */
const LOOKS_FOR_APP =
  /\bbgsync (?:ci (?:install|remove)|init|doctor|diff|update|remove|migrate|trigger|status|queue|logs)\b(?! --(?:cwd|explain|help|input|log)\b)/g;

/** Code in a sentence. */
const QUOTED = /`[^`\n]+`/g;

/**
 * A command as it is typed where the user is: with `--cwd`, where he named another folder or chose an app below.
 *
 * @param command or several, with no other words in which one could be meant
 */
export function commandFromHere(
  { cwd, shell }: Pick<Context, 'cwd' | 'shell'>,
  command: string,
): string {
  if (cwd === shell) return command;
  const path = relative(shell, cwd);
  // A name with a dash in front would be an option.
  const folder = quotePath(path.startsWith('-') ? `./${path}` : path);
  return command.replaceAll(LOOKS_FOR_APP, (found) => `${found} --cwd ${folder}`);
}

/** {@link commandFromHere} for each command that a text has as code. */
export const commandsFromHere = (ctx: Pick<Context, 'cwd' | 'shell'>, text: string): string =>
  text.replaceAll(QUOTED, (code) => commandFromHere(ctx, code));

/** A folder after `--cwd`, as it is typed. */
const NAMED_FOLDER = /(?<=--cwd )(?:'(?:[^'\n]|'\\'')*'|[^\s']+)/g;

/**
 * A text with its paths as they are seen from where the user is: what lies below, and what a `--cwd` names wherever it is.
 * Any other path stays whole, as that of a tool or of the user's home does: a row of `../` is harder to read.
 */
export function pathsFromHere({ shell }: Pick<Context, 'shell'>, text: string): string {
  const seen = (path: string): string => {
    const shown = relative(shell, path) || '.';
    return shown.startsWith('-') ? `./${shown}` : shown;
  };
  const named = text.replaceAll(NAMED_FOLDER, (word) => {
    const path = word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word;
    return isAbsolute(path) ? quotePath(seen(path)) : word;
  });
  // Below the root of a disk is everything.
  if (shell.endsWith(sep)) return named;
  const below = `${shell}${sep}`;
  return named
    .split(below)
    .map((part, index, parts) => {
      const before = parts[index - 1];
      // Not the end of another path, as of /private/repo/ where the user is in /repo.
      return before === undefined ? part : (/[\w.~/\\-]$/.test(before) ? below : '') + part;
    })
    .join('');
}

/** The same report, whose sentences name commands as they are typed where the user is. What is raw stays as it is. */
export function reportFromHere(report: Report, ctx: Pick<Context, 'cwd' | 'shell'>): Report {
  if (ctx.cwd === ctx.shell) return report;
  return {
    ...report,
    line: (text) => report.line(text === undefined ? undefined : commandsFromHere(ctx, text)),
    warn: (text) => report.warn(commandsFromHere(ctx, text)),
    get width() {
      return report.width;
    },
  };
}
