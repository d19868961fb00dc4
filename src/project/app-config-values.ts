import { ObjectValue, Unknown } from '../formats/js-values.ts';
import type { ExpoFacts } from './expo-facts.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** What an app config may be: one value for each way that it can be put together. */
export interface AppConfigValues {
  readonly values: readonly ObjectValue[];
  /** Why there may be more. */
  readonly open: string | undefined;
}

/**
 * The app config of Expo, read without being run.
 *
 * @param file the one that counts: the dynamic one where there is one
 */
export async function appConfigsOf(
  files: Pick<ReadOnlyFiles, 'read'>,
  { config: { static: path, wrapper, dynamic } }: ExpoFacts,
  file: string,
  text: string,
): Promise<AppConfigValues> {
  const [{ readJsonPath }, { fromJson }, { appConfigValues }, { readImportedFiles }] =
    await Promise.all([
      import('../formats/json-lists.ts'),
      import('../formats/js-evaluate.ts'),
      import('../formats/config-verdict.ts'),
      import('./imported-files.ts'),
    ]);
  const json = path === undefined ? undefined : await files.read(path);
  const given = json === undefined ? undefined : readJsonPath(json, wrapper ? [wrapper] : []);
  if (dynamic === undefined) {
    const value = fromJson(given ?? {});
    return value instanceof ObjectValue
      ? { values: [value], open: undefined }
      : { values: [], open: 'it cannot be read' };
  }
  const texts = new Map(await readImportedFiles(files, dynamic));
  texts.set(dynamic, text);
  const values: ObjectValue[] = [];
  let open: string | undefined;
  for (const outcome of appConfigValues({ files: texts, file, given })) {
    if (outcome.status === 'unknown') open ??= outcome.reason;
    else if (outcome.status === 'value') {
      if (outcome.value instanceof ObjectValue) values.push(outcome.value);
      else if (outcome.value instanceof Unknown) open ??= outcome.value.reason;
    }
  }
  return { values, open };
}
