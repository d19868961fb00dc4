import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './must.ts';

/**
 * Fetches a package from npm, once. It is there whole or not at all: another suite may fetch it at the same time.
 *
 * @param folder where it is unpacked; beside it, with `.tgz`, is its archive
 * @throws where npm has none
 */
export function fetchPackage(spec: string, folder: string): void {
  const isThere = (): boolean => existsSync(join(folder, 'package.json'));
  if (isThere()) return;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const archive = must('npm', ['pack', '--silent', spec], draft).trim().split('\n').at(-1) ?? '';
  must('tar', ['xzf', archive, '--strip-components=1'], draft);
  renameSync(join(draft, archive), `${folder}.tgz`);
  rmSync(isThere() ? draft : folder, { recursive: true, force: true });
  if (!isThere()) renameSync(draft, folder);
}
