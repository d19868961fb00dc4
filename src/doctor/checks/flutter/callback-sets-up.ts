import type { Check, Finding } from '../../check.ts';
import { dartFunctionAround } from '../../code/dart.ts';
import type { DartFunction } from '../../code/dart.ts';
import { reachedInDart } from '../../code/dart-reach.ts';
import { pubDependencyOf, pubPackagesOf } from '../../code/pub-packages.ts';
import { callbacks } from './database-in-two-isolates.ts';

/** What main() sets up for its own isolate alone. */
const KINDS = [
  {
    library: 'firebase_core',
    uses: /\bFirebase(?:Firestore|Auth|Storage|Database|Functions|RemoteConfig|Messaging|Analytics)\s*\.\s*instance\b/,
    sets: /\bFirebase\s*\.\s*initializeApp\b/g,
    missing: 'Firebase.initializeApp',
    effect: 'it throws [core/no-app]',
  },
  {
    library: 'hive',
    uses: /\bHive\s*\.\s*(?:box|lazyBox)\s*(?:<[^<>()]*>\s*)?\(/,
    sets: /\bHive\s*\.\s*open(?:Lazy)?Box\b/g,
    missing: 'Hive.openBox',
    effect: 'it throws “Box not found”',
  },
] as const;

export const callbackSetsUp: Check = {
  id: 'F13',
  title: 'A background callback sets up what it uses',
  severity: 'error',
  why: 'A run has an isolate of its own, where main() was not called: the Firebase app and the boxes of Hive that it made are not there.',
  source: 'https://firebase.google.com/docs/cloud-messaging/flutter/receive',
  fix: 'Call it in the callback too: await Firebase.initializeApp(…), await Hive.initFlutter() and Hive.openBox(…).',
  explain:
    'Isolates share no memory: the callback of workmanager, of a push or of an alarm begins in a new one, also while the app is open. What main() set up for the screens has to be set up there, too.',
  appliesTo: ({ host }) => host === 'flutter',
  async run(repo) {
    const packages = await pubPackagesOf(repo);
    const findings: Finding[] = [];
    for (const { library, uses, sets, missing, effect } of KINDS) {
      if (packages?.depends(library) !== true && packages?.depends(`${library}_flutter`) !== true) {
        continue;
      }
      const files = await repo.sources('dart');
      // Those that set it up, by their names.
      const setters = files.flatMap((file) =>
        [...file.code.matchAll(sets)].map(
          ({ index }) => dartFunctionAround(file, index)?.name ?? '',
        ),
      );
      // A package of the app's, or a file that is not here, does it.
      if (setters.length === 0 || setters.includes('')) continue;
      const others = setters.filter((name) => name !== 'main');
      for (const callback of await callbacks(repo, files)) {
        const reached = reachedInDart(callback, files);
        const text = reached.map(codeOf).join('\n');
        if (text.search(sets) !== -1) continue;
        if (
          others.some((name) =>
            new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`).test(text),
          )
        )
          continue;
        const user = reached.find((one) => uses.test(codeOf(one)));
        if (user === undefined) continue;
        const at = user.body.start + codeOf(user).search(uses);
        findings.push({
          file: user.file.path,
          line: user.file.line(at),
          message: `${callback.name} runs in an isolate of its own, and calls no ${missing}: ${effect}`,
          evidence: [await pubDependencyOf(repo, library)],
        });
      }
    }
    return [...new Map(findings.map((one) => [`${one.file}:${one.line ?? 0}`, one])).values()];
  },
};

const codeOf = ({ file, body }: DartFunction): string => file.code.slice(body.start, body.end);
