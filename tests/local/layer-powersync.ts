/**
 * Of PowerSync, what its handler uses, with a queue in memory: bundled in its place, since its SQLite is native. A transaction
 * leaves the queue by `complete()` alone, as PowerSync has it.
 */
interface Entry {
  readonly opData: { readonly text: string };
}

export class PowerSyncDatabase {
  readonly #queue: Entry[] = [];
  readonly currentStatus = { dataFlowStatus: { uploading: false } };

  waitForReady(): Promise<void> {
    return Promise.resolve();
  }

  execute(_sql: string, [text = '']: readonly string[]): Promise<void> {
    this.#queue.push({ opData: { text } });
    return Promise.resolve();
  }

  getUploadQueueStats(): Promise<{ count: number }> {
    return Promise.resolve({ count: this.#queue.length });
  }

  getNextCrudTransaction(): Promise<{ crud: Entry[]; complete: () => Promise<void> } | null> {
    const [first] = this.#queue;
    if (first === undefined) return Promise.resolve(null);
    const complete = (): Promise<void> => {
      if (this.#queue[0] === first) this.#queue.shift();
      return Promise.resolve();
    };
    return Promise.resolve({ crud: [first], complete });
  }
}

/** What they describe is the native part's. */
export class Schema {
  readonly tables: object;
  constructor(tables: object) {
    this.tables = tables;
  }
}
export class Table {
  readonly columns: object;
  constructor(columns: object) {
    this.columns = columns;
  }
}
export const column = { text: 'TEXT' };
