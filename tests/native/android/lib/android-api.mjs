import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { npmPackage } from './tools.mjs';

/** What the declarations leave out, as developer.android.com has it: members with their parameters, and since when. */
const LEFT_OUT = {
  'android/app/job/JobScheduler': { forNamespace: [1, 34], getAllPendingJobs: [0, 21] },
  'android/app/job/JobInfo': { getExtras: [0, 21], getMinLatencyMillis: [0, 21] },
};

/**
 * The public Android API, from the type declarations that NativeScript makes of each platform's android.jar.
 * Members newer than API 21 carry `@since`.
 *
 * @returns {Promise<Map<string, {parents: string[], members: Map<string, {since: number, parameters: number}[]>}>>}
 *   by binary name, such as android/os/Build$VERSION
 */
export async function readAndroidApi() {
  const file = join(
    npmPackage('@nativescript/types-android'),
    'lib/android/android-platform-21-37-merged.d.ts',
  );
  const classes = new Map(
    Object.entries(LEFT_OUT).map(([name, members]) => [
      name,
      {
        since: 21,
        parents: [],
        members: new Map(
          Object.entries(members).map(([member, [parameters, since]]) => [
            member,
            [{ since, parameters }],
          ]),
        ),
      },
    ]),
  );
  const stack = [];
  let since = 21;
  let classSince = 21;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const text = line.trim();
    const marked = /@since (\d+)/.exec(text);
    if (marked) {
      since = Number(marked[1]);
      continue;
    }
    if (/^[*/]/.test(text)) continue;
    const opened =
      /^(?:declare|export)?\s*(?:declare )?(module|namespace|class|abstract class|interface)\s+([\w.$]+)(?:<.*?>)?(.*)\{$/.exec(
        text,
      );
    if (opened) {
      const [, kind, name, rest] = opened;
      const isClass = kind.endsWith('class') || kind === 'interface';
      const path = [...stack.map((entry) => entry.name), name];
      stack.push({ name, isClass });
      if (isClass) {
        classSince = since;
        const id = binaryName(path);
        const parents = [...rest.matchAll(/\b([a-z][\w]*(?:\.[\w]+)+)/g)].map(([, parent]) =>
          binaryName(parent.split('.')),
        );
        const known = classes.get(id);
        if (known === undefined) classes.set(id, { since, parents, members: new Map() });
        else known.parents.push(...parents);
        stack.at(-1).id = id;
      }
      since = 21;
    } else if (text.startsWith('}')) {
      stack.pop();
      since = 21;
    } else if (stack.at(-1)?.isClass) {
      const member =
        /^(?:(?:public|protected|static|readonly|get|set) )*([\w$]+)\??(?:<.*?>)?\s*(?:(\()|[:;])/.exec(
          text,
        );
      if (member) {
        const { members } = classes.get(stack.at(-1).id);
        const [, name, call] = member;
        const parameters = call === undefined ? -1 : countParameters(text);
        const all = members.get(name) ?? [];
        all.push({ since: Math.max(since, classSince), parameters });
        members.set(name, all);
      }
      since = 21;
    }
  }
  return classes;
}

/** Packages are lower case, classes are not: android.os.Build.VERSION is android/os/Build$VERSION. */
function binaryName(path) {
  const parts = path.flatMap((part) => part.split('.'));
  const first = parts.findIndex((part) => /^[A-Z]/.test(part));
  return first === -1
    ? parts.join('/')
    : [...parts.slice(0, first), parts.slice(first).join('$')].join('/');
}

function countParameters(text) {
  let depth = 0;
  let count = 0;
  let isEmpty = true;
  for (const char of text.slice(text.indexOf('('))) {
    if ('(<[{'.includes(char)) depth++;
    else if (')>]}'.includes(char)) {
      depth--;
      if (depth === 0) return isEmpty ? 0 : count + 1;
    } else if (char === ',' && depth === 1) count++;
    else if (char.trim() !== '') isEmpty = false;
  }
  return count;
}
