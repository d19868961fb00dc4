import { createHash } from 'node:crypto';
import { areaOf } from './rule.ts';
import type { Diagnosis } from './run.ts';

/**
 * What tells a finding again after lines above it were added: the check, the file, the message without its numbers,
 * which may be those of lines, and the text of the line where there is one: a line that names one id says nothing of
 * which other is missing there. Equal ones are counted.
 *
 * @param read a file's text, by the finding's path
 * @returns one for each finding, in their order: `0123456789abcdef:1`
 */
export async function fingerprintsOf(
  findings: readonly Diagnosis[],
  read: (path: string) => Promise<string | undefined>,
): Promise<string[]> {
  const counts = new Map<string, number>();
  const lines = new Map<string, readonly string[]>();
  const fingerprints: string[] = [];
  for (const { id, file, line, message } of findings) {
    let text = '';
    if (line !== undefined && areaOf(id) === 'repo') {
      const known = lines.get(file) ?? ((await read(file)) ?? '').split('\n');
      lines.set(file, known);
      text = known[line - 1]?.trim() ?? '';
    }
    const what = message.replace(/\b\d+\b/g, '#');
    const hash = createHash('sha256')
      .update([id, file, what, text].join('\0'))
      .digest('hex')
      .slice(0, 16);
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    fingerprints.push(`${hash}:${count}`);
  }
  return fingerprints;
}
