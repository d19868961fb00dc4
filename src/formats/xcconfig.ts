import { withoutMark } from './text.ts';

/** Reads an Xcode build configuration file: https://developer.apple.com/documentation/xcode/adding-a-build-configuration-file-to-your-project */

export type XcconfigItem =
  /** `#include "path"`, relative to the file's own folder; with `#include?` it may be missing. */
  | { readonly kind: 'include'; readonly path: string; readonly isOptional: boolean }
  /** `key` is as a project has it, conditions included: `INFOPLIST_FILE[sdk=iphoneos*]`. */
  | { readonly kind: 'setting'; readonly key: string; readonly value: string };

/** Reads what the file says, in its order; a later setting takes the place of an earlier one of the same key. */
export function readXcconfig(text: string): XcconfigItem[] {
  const items: XcconfigItem[] = [];
  for (const raw of withoutMark(text).split(/\r\n|\r|\n/)) {
    const include = /^\s*#include(\?)?\s*"([^"]*)"/.exec(raw);
    if (include !== null) {
      items.push({ kind: 'include', path: include[2] ?? '', isOptional: include[1] === '?' });
      continue;
    }
    // Xcode knows no quoting here: // starts a comment anywhere, in a URL too.
    const [line = ''] = raw.split('//');
    const setting = /^\s*([A-Za-z_]\w*)((?:\[[^\]]*\])*)\s*=(.*)$/.exec(line);
    if (setting === null) continue;
    const [, name = '', conditions = '', value = ''] = setting;
    items.push({
      kind: 'setting',
      key: name + conditions.replace(/\s/g, ''),
      value: value.trim().replace(/;$/, '').trim(),
    });
  }
  return items;
}
