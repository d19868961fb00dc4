import { posix } from 'node:path';
import type { Value } from '../formats/js-values.ts';
import { lineNumber } from '../formats/text.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** In the order in which Capacitor looks for them: https://capacitorjs.com/docs/config */
const CONFIGS = ['capacitor.config.ts', 'capacitor.config.js', 'capacitor.config.json'];

/** What the config says to a plugin, one for each way that it can be put together; or why that cannot be told. */
export type PluginSettings =
  | { readonly status: 'known'; readonly file: string; readonly ways: readonly PluginValues[] }
  | { readonly status: 'unknown'; readonly file: string; readonly reason: string };

export interface PluginValues {
  /** @returns a plain value; undefined where there is none, or it is not known */
  get(key: string): string | number | boolean | undefined;
  /** Whether what the config says of this, if anything, is known. */
  isKnown(key: string): boolean;
  /** 1-based: where the key is written, else the plugin's name. */
  lineOf(key: string): number;
}

/**
 * What the Capacitor config says to a plugin, read from JSON, or from JavaScript and TypeScript as far as that can be told
 * without running it.
 *
 * @param name its key in `plugins`
 * @param needed keys: where the value of one is not known, the whole is not
 * @returns undefined where there is no such config, or nothing for the plugin in it
 */
export async function pluginSettings(
  files: Pick<ReadOnlyFiles, 'read'>,
  name: string,
  needed: readonly string[],
): Promise<PluginSettings | undefined> {
  for (const file of CONFIGS) {
    const text = await files.read(file);
    if (text === undefined) continue;
    const found = file.endsWith('.json')
      ? await fromJson(text, name)
      : await fromCode(files, { file, text, name, needed });
    if (typeof found === 'string') return { status: 'unknown', file, reason: found };
    if (found.length === 0) return undefined;
    const lineOf = (key: string): number => lineIn(text, name, key);
    return { status: 'known', file, ways: found.map((one) => ({ ...one, lineOf })) };
  }
  return undefined;
}

type Values = Omit<PluginValues, 'lineOf'>;

const plain = (value: unknown): ReturnType<Values['get']> =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : undefined;

async function fromJson(text: string, name: string): Promise<Values[]> {
  const { parse } = await import('../formats/jsonc.ts');
  const data = parse(text.replace(/^\uFEFF/, '')) as
    | { plugins?: Record<string, Record<string, unknown> | undefined> }
    | undefined;
  const plugin = data?.plugins?.[name];
  return typeof plugin === 'object'
    ? [{ get: (key) => plain(plugin[key]), isKnown: () => true }]
    : [];
}

/** @returns the values, one for each way; why where they are not known */
async function fromCode(
  app: Pick<ReadOnlyFiles, 'read'>,
  {
    file,
    text,
    name,
    needed,
  }: Record<'file' | 'text' | 'name', string> & { needed: readonly string[] },
): Promise<Values[] | string> {
  const [{ evaluateModule }, { ObjectValue, Unknown }, { readImportedFiles }] = await Promise.all([
    import('../formats/js-evaluate.ts'),
    import('../formats/js-values.ts'),
    import('./imported-files.ts'),
  ]);
  const files = new Map(await readImportedFiles(app, file));
  files.set(posix.normalize(file), text);
  const modules = new Set(file.endsWith('.ts') ? [file] : []);
  const found: Values[] = [];
  for (const outcome of evaluateModule({ files, modules }, file, (exported) => {
    let value: Value = exported;
    for (const key of ['default', 'plugins', name]) {
      if (key === 'default' && !(value instanceof ObjectValue && value.has(key))) continue;
      if (value instanceof Unknown) return value;
      value = value instanceof ObjectValue ? value.get(key) : undefined;
    }
    return value;
  })) {
    if (outcome.status === 'unknown') return outcome.reason;
    if (outcome.status === 'throws') continue;
    const { value } = outcome;
    if (value instanceof Unknown) return value.reason;
    if (!(value instanceof ObjectValue)) continue;
    const open = needed.map((key) => value.get(key)).find((one) => one instanceof Unknown);
    if (open instanceof Unknown) return open.reason;
    found.push({
      get: (key) => plain(value.get(key)),
      isKnown: (key) => !(value.get(key) instanceof Unknown),
    });
  }
  return found;
}

function lineIn(text: string, name: string, key: string): number {
  const plugin = Math.max(0, text.indexOf(name));
  const at = new RegExp(`["']?\\b${key}\\b["']?\\s*:`).exec(text.slice(plugin))?.index;
  return lineNumber(text, plugin + (at ?? 0));
}
