import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Strings in a file, as a key-value store on a phone keeps them: each change is on disk when the call returns, whole,
 * so that a process that dies loses none.
 */
export class FileStore {
  private readonly file: string;
  private readonly folder: string;
  private values: Map<string, string> | undefined;

  /** @param name of the store; any text */
  constructor(folder: string, name: string) {
    this.folder = folder;
    this.file = join(folder, `${encodeURIComponent(name).replaceAll('.', '%2E')}.json`);
  }

  get(key: string): string | undefined {
    return this.all.get(key);
  }

  set(...pairs: readonly (readonly [key: string, value: string])[]): void {
    for (const [key, value] of pairs) this.all.set(key, value);
    this.save();
  }

  delete(...keys: readonly string[]): boolean {
    const known = keys.filter((key) => this.all.delete(key));
    if (known.length > 0) this.save();
    return known.length > 0;
  }

  clear(): void {
    this.all.clear();
    this.save();
  }

  /** Takes the store itself away. */
  remove(): void {
    this.values = undefined;
    rmSync(this.file, { force: true });
  }

  get keys(): string[] {
    return [...this.all.keys()];
  }

  get size(): number {
    return this.all.size;
  }

  private get all(): Map<string, string> {
    this.values ??= this.read();
    return this.values;
  }

  private read(): Map<string, string> {
    try {
      const stored = JSON.parse(readFileSync(this.file, 'utf8')) as Record<string, string>;
      return new Map(Object.entries(stored));
    } catch {
      return new Map();
    }
  }

  private save(): void {
    mkdirSync(this.folder, { recursive: true });
    const draft = `${this.file}.tmp`;
    writeFileSync(draft, JSON.stringify(Object.fromEntries(this.all)));
    renameSync(draft, this.file);
  }
}

const shared = new WeakMap<object, Map<string, FileStore>>();

/** @returns the one store of that name for all native modules of a world: each holds in memory what is on disk */
export function sharedStore(world: { readonly dataFolder: string }, name: string): FileStore {
  const stores = shared.get(world) ?? new Map<string, FileStore>();
  shared.set(world, stores);
  const store = stores.get(name) ?? new FileStore(world.dataFolder, name);
  stores.set(name, store);
  return store;
}
