import { propertyName, unwrap, walk } from '../../formats/javascript.ts';
import type { CallExpression, Node } from '../../formats/javascript.ts';
import type { DoctorRepo } from '../repo.ts';
import { backgroundFunctions } from './background-functions.ts';
import { callsOf, lineIn, propertyOf, scriptsContaining } from './javascript.ts';
import type { Script } from './javascript.ts';
import { reachedFunctions } from './js-called.ts';
import { constantOf, resolveNode } from './js-resolve.ts';
import { KEYCHAINS } from './keychain-packages.ts';
import type { Keychain } from './keychain-packages.ts';

/** A place where an item is stored that cannot be read while the device is locked, and one that reads it in the background. */
export interface LockedItem {
  readonly file: string;
  readonly line: number;
  readonly library: string;
  /** As the library calls it: `WHEN_UNLOCKED`. */
  readonly accessibility: string;
  readonly read: { readonly file: string; readonly line: number };
}

/** Items that keychain packages store for an unlocked device, and the app's background functions read. */
export async function lockedItems(repo: DoctorRepo): Promise<readonly LockedItem[]> {
  const keychains = KEYCHAINS.filter(({ name }) => repo.depends(name));
  const reads: { keychain: Keychain; key: string | undefined; file: string; line: number }[] = [];
  for (const { script, node } of await backgroundFunctions(repo)) {
    for (const one of await reachedFunctions(repo, script, node)) {
      for (const keychain of keychains) {
        for (const name of keychain.reads) {
          for (const call of callsOf(one.script, { module: keychain.name, name })) {
            if (!contains(one.node, call)) continue;
            const key = await keyOf(repo, one.script, keychain, call);
            reads.push({ keychain, key, file: one.script.path, line: lineIn(one.script, call) });
          }
        }
      }
    }
  }
  if (reads.length === 0) return [];
  const found: LockedItem[] = [];
  for (const keychain of new Set(reads.map((read) => read.keychain))) {
    for (const script of await scriptsContaining(repo, [keychain.name])) {
      for (const name of keychain.stores) {
        for (const call of callsOf(script, { module: keychain.name, name })) {
          const key = await keyOf(repo, script, keychain, call);
          const read = reads.find(
            (one) =>
              one.keychain === keychain &&
              (one.key === undefined || key === undefined || one.key === key),
          );
          const accessibility = read && (await accessibilityOf(repo, script, keychain, call));
          if (read === undefined || accessibility === undefined) continue;
          const { file, line } = read;
          found.push({
            file: script.path,
            line: lineIn(script, call),
            library: keychain.name,
            accessibility,
            read: { file, line },
          });
        }
      }
    }
  }
  return found;
}

function contains(around: Node, node: Node): boolean {
  let found = false;
  walk(around, (one) => {
    found ||= one === node;
    return !found;
  });
  return found;
}

async function keyOf(
  repo: DoctorRepo,
  script: Script,
  { keyArgument }: Keychain,
  call: CallExpression,
): Promise<string | undefined> {
  if (keyArgument === undefined) return undefined;
  const key = await constantOf(repo, script, call.arguments[keyArgument]);
  return key === undefined ? undefined : String(key);
}

/** What a call stores for an unlocked device alone; undefined where it does not, or it cannot be told. */
async function accessibilityOf(
  repo: DoctorRepo,
  script: Script,
  { option, optionsArgument, fallback }: Keychain,
  call: CallExpression,
): Promise<string | undefined> {
  const given = call.arguments[optionsArgument];
  if (given === undefined) return fallback;
  const options = await resolveNode(repo, script, given);
  if (options?.node.type !== 'ObjectExpression') return undefined;
  if (options.node.properties.some(({ type }) => type === 'SpreadElement')) return undefined;
  const value = propertyOf(options.node, option);
  if (value === undefined) return fallback;
  const text = await constantOf(repo, options.script, value);
  const written = typeof text === 'string' ? text : nameOf(value);
  return written !== undefined && /when_?(?:unlocked|passcode)/i.test(written)
    ? written
    : undefined;
}

function nameOf(node: Node): string | undefined {
  const value = unwrap(node);
  if (value.type === 'Identifier') return value.name;
  return value.type === 'MemberExpression'
    ? propertyName(value.property, value.computed)
    : undefined;
}
