import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileSystem } from '../../src/file-system.ts';
import type { FileSystem } from '../../src/file-system.ts';
import type { Place } from '../../src/place.ts';

/** What of the last operation is done when the process dies in it. */
export type Death = 'before' | 'half' | 'after';

/** What every operation throws from then on. */
export class DeadError extends Error {}

const CHANGES = [
  'mkdir',
  'write',
  'rename',
  'createExclusive',
  'remove',
  'removeEmptyDirectory',
] as const;

/**
 * The real file system, for a process that dies in its operation number `at` of those that change something: none after
 * it is done, whatever the program still tries. 0 never dies, and counts.
 */
export function dyingFileSystem(at: number, death: Death): FileSystem & { operations: number } {
  let isDead = false;
  const guarded = Object.fromEntries(
    Object.entries(fileSystem).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'function'
        ? (...args: unknown[]): unknown => {
            if (isDead) throw new DeadError(`dead before ${name}`);
            return (value as (...args: unknown[]) => unknown)(...args);
          }
        : value,
    ]),
  ) as unknown as FileSystem;
  const dying = { ...guarded, operations: 0 };
  for (const name of CHANGES) {
    const real = guarded[name] as (...args: unknown[]) => Promise<unknown>;
    Object.assign(dying, {
      [name]: async (...args: unknown[]): Promise<unknown> => {
        dying.operations += isDead ? 0 : 1;
        if (isDead || dying.operations !== at) return real(...args);
        if (death === 'after') await real(...args);
        if (death === 'half' && (name === 'write' || name === 'createExclusive')) {
          leavePart(...(args as [Place, Buffer | string]));
        }
        isDead = true;
        throw new DeadError(`died in ${name}`);
      },
    });
  }
  return dying;
}

/** As the door writes: half of the content, in a file beside. */
function leavePart({ absolute }: Place, content: Buffer | string): void {
  const part = `.${basename(absolute)}.${randomBytes(4).toString('hex')}.bgsync`;
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(join(dirname(absolute), part), content.slice(0, Math.floor(content.length / 2)));
}
