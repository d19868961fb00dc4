import type { Node } from '../../../formats/javascript.ts';
import {
  HERMES_LACKS,
  INTL_NOT_IN_HERMES,
  hasHermesV1,
  polyfillOf,
  refusedByHermes,
} from '../../../hermes.ts';
import { runsReactNative } from '../../../project/host.ts';
import { inReachedFunctions } from '../../code/in-background-functions.ts';
import type { JavaScript } from '../../code/in-background-functions.ts';
import type { Check } from '../../check.ts';
import { dependencyOf } from '../../evidence.ts';
import type { DoctorRepo } from '../../repo.ts';

/** Methods that nothing else has under their name; `union` or `map` may be any library's. */
const UNMISTAKABLE = [
  'Array.prototype.toSorted',
  'String.prototype.isWellFormed',
  'String.prototype.toWellFormed',
];

export const notInHermes: Check = {
  id: 'J25',
  title: 'What runs in the background calls what Hermes has',
  severity: 'warning',
  why: 'Hermes, React Native’s engine, lacks some built-ins of Node and the browsers. A call of one is a TypeError: the run ends there, and so does the next one. TypeScript knows them, and a test in Node passes.',
  source: 'https://github.com/compat-table/compat-table/issues/2019',
  fix: 'Write it without the built-in, or import a polyfill for it before.',
  explain: [
    'TypeScript takes what `lib` says for what there is, and Jest runs in Node, which has it. On a phone `items.toSorted` is undefined. What is absent is read from the Hermes that React Native ships, before 0.84 and from there on; docs/local.md lists it, and `bgsync trigger --platform local` runs the handler without it.',
    'Looked at are the functions that a background run comes to, for built-ins whose name nothing else has, and for regular expressions that Hermes refuses: with the flag v, or a modifier as (?i:…), a literal ends the build, and new RegExp throws. Where the app imports core-js or a polyfill, or puts a function of the name there itself, nothing is said.',
    '    // wrong\n    const oldestFirst = items.toSorted((a, b) => a.at - b.at);\n\n    // right\n    const oldestFirst = [...items].sort((a, b) => a.at - b.at);',
  ].join('\n\n'),
  appliesTo: (repo) => runsReactNative(repo),
  async run(repo) {
    const absent = absentIn(await repo.versionText('react-native'));
    const called = new Map<string, string>();
    const findings = await inReachedFunctions(repo, ({ script, node }, javascript) => {
      const { isDevOnly, lineIn, nodesBelow, unwrap } = javascript;
      return nodesBelow(node.body).flatMap((inner) => {
        const refused = refusedRegExp(inner, javascript);
        if (refused !== undefined && !isDevOnly(script, inner)) {
          const message = `Hermes refuses a regular expression with ${refused.what}: ${refused.hint}`;
          return [{ file: script.path, line: lineIn(script, inner), message }];
        }
        if (inner.type !== 'CallExpression' && inner.type !== 'NewExpression') return [];
        const name = calledNames(unwrap(inner.callee), javascript).find((one) => absent.has(one));
        if (name === undefined || isDevOnly(script, inner)) return [];
        const message = `${name} is called, which Hermes has not: ${absent.get(name)}`;
        called.set(message, name);
        return [{ file: script.path, line: lineIn(script, inner), message }];
      });
    });
    if (findings.length === 0) return [];
    const isThere = called.size > 0 && (await isPolyfilled(repo));
    const own = await ownNames(repo, new Set(called.values()));
    const evidence = [await dependencyOf(repo, 'react-native')];
    return findings
      .filter(({ message }) => {
        const name = called.get(message);
        return name === undefined || (!isThere && !own.has(name));
      })
      .map((finding) => ({ ...finding, evidence }));
  },
};

/**
 * What to do instead, by what is called: `toSorted`, `Object.groupBy`, `Intl.PluralRules`.
 *
 * @param reactNative its version, where it is known
 */
function absentIn(reactNative: string | undefined): ReadonlyMap<string, string> {
  const minor = /^0\.(\d+)\./.exec(reactNative ?? '')?.[1];
  const isV1 = hasHermesV1(minor === undefined ? undefined : Number(minor));
  const absent = new Map<string, string>();
  for (const { of, names, isInV1, hint } of HERMES_LACKS) {
    if (isInV1 === true && isV1) continue;
    for (const name of names.split(' ')) {
      const full = `${of}.${name}`;
      if (!of.includes('.')) absent.set(full, hint);
      else if (UNMISTAKABLE.includes(full)) absent.set(name, hint);
    }
  }
  for (const name of INTL_NOT_IN_HERMES) absent.set(`Intl.${name}`, polyfillOf(name));
  return absent;
}

/** Of `/a/v`, `new RegExp('a', 'v')`. Groups of one name in a literal are Babel's to rename, and its newer presets do. */
function refusedRegExp(node: Node, { unwrap }: JavaScript): ReturnType<typeof refusedByHermes> {
  if (node.type === 'RegExpLiteral') {
    const refused = refusedByHermes(node.pattern, node.flags);
    return refused?.isRenamed === true ? undefined : refused;
  }
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
  const callee = unwrap(node.callee);
  if (callee.type !== 'Identifier' || callee.name !== 'RegExp') return undefined;
  const [pattern, flags] = node.arguments;
  return refusedByHermes(
    pattern?.type === 'StringLiteral' ? pattern.value : '',
    flags?.type === 'StringLiteral' ? flags.value : '',
  );
}

/** As {@link absentIn} names it: `groupBy` and `Object.groupBy`. None where it is asked for first: `Object.groupBy?.(…)`. */
function calledNames(callee: Node, { propertyName, unwrap }: JavaScript): string[] {
  if (callee.type !== 'MemberExpression') return [];
  const name = propertyName(callee.property, callee.computed);
  if (name === undefined) return [];
  const object = unwrap(callee.object);
  return object.type === 'Identifier' ? [name, `${object.name}.${name}`] : [name];
}

/** By the names of what they import: core-js, array.prototype.tosorted, ./polyfills. */
const isPolyfilled = (repo: DoctorRepo): Promise<boolean> =>
  repo.hasSourceContaining('javascript', [
    'core-js',
    'olyfill',
    '.tosorted',
    '@formatjs',
    'es-shim',
  ]);

/** Those that the app defines, or asks for before it calls. */
async function ownNames(repo: DoctorRepo, names: Iterable<string>): Promise<ReadonlySet<string>> {
  const own = new Set<string>();
  for (const full of names) {
    const name = full.split('.').at(-1) ?? full;
    const asked = new RegExp(`(?<![\\w$])${full.replace('.', '\\.')}(?![\\w$])(?!\\s*\\()`);
    const named = new RegExp(`(['"])${name}\\1`);
    for (const { code, text } of await repo.sourcesContaining('javascript', [name])) {
      if (asked.test(code) || named.test(text)) own.add(full);
    }
  }
  return own;
}
