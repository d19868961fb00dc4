import { UserError } from '../errors.ts';

/** Several apps could be meant. In a terminal one is chosen; elsewhere the message names the flag for each. */
export class SeveralAppsError extends UserError {
  /** Absolute. */
  readonly apps: readonly string[];

  /** @param otherwise what names one without its folder */
  constructor(apps: readonly string[], otherwise?: string) {
    const hint = otherwise === undefined ? nameOne(apps) : `${nameOne(apps)}\n${otherwise}`;
    super(`There are ${apps.length} apps in this workspace.`, { hint });
    this.apps = apps;
  }
}

/** How to say which of these folders is meant: the flag for each. */
export function nameOne(apps: readonly string[]): string {
  const flags = apps.map((app) => `  --cwd ${quotePath(app)}`);
  return `Run the command again with ${apps.length === 1 ? 'this' : 'one of these'}:\n${flags.join('\n')}`;
}

/** A path as a word for a POSIX shell and PowerShell. */
export const quotePath = (path: string): string =>
  /^[\w@%+=:,./\\-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
