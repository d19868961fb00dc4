import { expect, test } from 'vitest';
import { parseModule } from '../../../src/formats/javascript.ts';
import { findParts } from '../../../src/project/exported-parts.ts';
import type { PartsInModule } from '../../../src/project/exported-parts.ts';

function parts(source: string, as: 'value' | 'function' = 'value'): PartsInModule {
  const parsed = parseModule(source, 'file.ts');
  if (!parsed.ok) throw new Error(parsed.reason);
  const made = as === 'value' ? /^Database$/ : /^synchronize$/;
  return findParts(parsed.module, { made, from: /^lib(?:\/sync)?$/, as });
}
const names = (...args: Parameters<typeof parts>): string[] =>
  parts(...args).exported.map(({ name }) => name);

const IMPORT = "import { Database } from 'lib';\n";

test.each([
  ['a constant', `${IMPORT}export const db = new Database({});`, ['db']],
  [
    'under another name',
    `${IMPORT}const db = new Database({});\nexport { db as database };`,
    ['database'],
  ],
  ['the default', `${IMPORT}export default new Database({});`, ['default']],
  ['a default by name', `${IMPORT}const db = new Database({});\nexport default db;`, ['default']],
  ['both', `${IMPORT}export const db = new Database({});\nexport default db;`, ['db', 'default']],
  [
    'imported under another name',
    "import { Database as D } from 'lib';\nexport const db = new D();",
    ['db'],
  ],
  ['handed on', `${IMPORT}export const db = wrap(new Database({}));`, ['db']],
  ['with a type', `${IMPORT}export const db: Database = new Database({}) as Database;`, ['db']],
  ['not exported', `${IMPORT}const db = new Database({});`, []],
  ['in a function', `${IMPORT}export const open = () => new Database({});`, []],
  ['only sometimes', `${IMPORT}export const db = isTest ? null : new Database({});`, []],
  [
    'of another library',
    "import { Database } from 'other';\nexport const db = new Database();",
    [],
  ],
  ['only named', `${IMPORT}export const kind = Database;`, []],
  ['handed through', "export { db } from './db';", []],
])('what is made once is found: %s', (_, source, expected) => {
  expect(names(source)).toEqual(expected);
});

test('where it is made is told also where nothing exports it', () => {
  expect(parts(`${IMPORT}\nexport function open() {\n  return new Database({});\n}`)).toEqual({
    exported: [],
    lines: [4],
  });
});

const SYNC = "import { synchronize } from 'lib/sync';\n";
test.each([
  ['a function', 'export async function sync() { await synchronize({}); }', ['sync']],
  ['an arrow', 'export const sync = async () => { await synchronize({}); };', ['sync']],
  [
    'with optional parameters',
    'export async function sync(a = 1, b?: string) { await synchronize({}); }',
    ['sync'],
  ],
  ['the default', 'export default async function () { await synchronize({}); }', ['default']],
  [
    'inside of another call',
    'export async function sync() { return retry(() => synchronize({})); }',
    ['sync'],
  ],
  [
    'with a parameter',
    'export async function sync(database: Database) { await synchronize({}); }',
    [],
  ],
  ['that answers at once', 'export function sync() { void synchronize({}); }', []],
  ['that does something else', 'export async function sync() { await other({}); }', []],
  ['not exported', 'async function sync() { await synchronize({}); }', []],
])('a function that syncs is found: %s', (_, source, expected) => {
  expect(names(SYNC + source, 'function')).toEqual(expected);
});

const observables = (source: string): string[] => {
  const parsed = parseModule(source, 'file.ts');
  if (!parsed.ok) throw new Error(parsed.reason);
  const wanted = {
    made: /^synced[A-Z]?\w*$/,
    from: /^lib\/sync$/,
    as: 'value',
    maker: /^configureSynced$/,
  } as const;
  return findParts(parsed.module, wanted).exported.flatMap(({ name, local, inside }) =>
    inside.map((path) => `${local} as ${name}: ${path}`),
  );
};
const SYNCED = "import { configureSynced, synced, syncedCrud } from 'lib/sync';\n";

test.each([
  ['the whole', 'export const a$ = observable(synced({}));', ['a$ as a$: ']],
  [
    'properties, each',
    "export const a$ = observable({ theme: 'dark', b: synced({}), c: { d: syncedCrud({}) } });",
    ['a$ as a$: b', 'a$ as a$: c.d'],
  ],
  [
    'a property whose name is no identifier: the whole',
    "export const a$ = observable({ 'b-c': synced({}) });",
    ['a$ as a$: '],
  ],
  [
    'by what the app configured',
    'const mine = configureSynced(syncedCrud, {});\nexport const a$ = observable(mine({}));',
    ['a$ as a$: '],
  ],
  [
    'exported twice, of one local name',
    'export const a$ = observable(synced({}));\nexport default a$;',
    ['a$ as a$: ', 'a$ as default: '],
  ],
  ['what is configured is none itself', 'export const mine = configureSynced(syncedCrud, {});', []],
  ['of a function of another library', 'export const a$ = observable(other({}));', []],
])('where inside it is: %s', (_, source, expected) => {
  expect(observables(SYNCED + source)).toEqual(expected);
});
