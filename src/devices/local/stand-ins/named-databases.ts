import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SqliteConnection } from '../../../queue/sqlite.ts';
import { openSqlite } from '../../../queue/sqlite.ts';
import { confined } from './files.ts';
import type { StandInWorld } from './stand-in.ts';

/** Takes a database's file away, with what SQLite keeps beside it. */
export function removeDatabase(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
}

/** The databases of a library that addresses them by their names, in a folder of its own. */
export class NamedDatabases {
  private readonly connections = new Map<string, SqliteConnection>();
  private readonly root: string;
  private readonly find: StandInWorld['findPackage'];

  constructor({ dataFolder, findPackage }: StandInWorld, packageName: string) {
    this.root = join(dataFolder, packageName);
    this.find = findPackage;
  }

  /** @returns the file, absolute, in a folder that is there @throws where it would lie outside of the library's own */
  fileOf(name: string, location = ''): string {
    const file = confined(this.root, join(this.root, location, name));
    mkdirSync(dirname(file), { recursive: true });
    return file;
  }

  /** @returns undefined where it is not open */
  get(name: string): SqliteConnection | undefined {
    return this.connections.get(name);
  }

  /** @returns the one that is open already, else the one in the file */
  open(name: string, file: string): SqliteConnection {
    const database = this.connections.get(name) ?? openSqlite(file, { find: this.find });
    this.connections.set(name, database);
    return database;
  }

  close(name: string): void {
    this.connections.get(name)?.close();
    this.connections.delete(name);
  }

  delete(name: string, location?: string): void {
    this.close(name);
    removeDatabase(this.fileOf(name, location));
  }
}
