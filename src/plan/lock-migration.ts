import { isRecord } from '../records.ts';

/**
 * What bgsync 0.1.0 said of its edits. Its lock files have no ids: an edit was found again by this sentence. They are
 * never changed.
 */
const IDS_OF_0_1_0: Readonly<Record<string, string>> = {
  'your settings': 'settings',
  'your handler: what is synced': 'handler',
  'links the generated package (autolinking)': 'autolinking',
  'lets iOS start the task': 'info-plist',
  'lets iOS start the task (expo prebuild writes it to Info.plist)': 'app-config',
  'loads your handler when the app starts': 'entry',
  'starts the app at index.js, which loads your handler first': 'main',
  'pins bgsync, so that CI runs what generated': 'pin',
};

/** Brings what an earlier bgsync wrote into its lock file to today's shape; any other data stays as it is. */
export function migrateLock(data: unknown): unknown {
  if (!isRecord(data) || data.lockVersion !== 1) return data;
  const { files, edits } = data;
  const host = isRecord(files) && 'app.plugin.js' in files ? 'expo' : 'react-native';
  const migrated = Array.isArray(edits) ? edits.map(withId) : edits;
  return { ...data, lockVersion: 2, host, edits: migrated };
}

function withId(edit: unknown): unknown {
  if (!isRecord(edit)) return edit;
  const { path, kind, reason, ...rest } = edit;
  // An edit that is not known stays in the record: `remove` finds it by its text.
  return { path, kind, id: IDS_OF_0_1_0[String(reason)] ?? 'unknown', reason, ...rest };
}
