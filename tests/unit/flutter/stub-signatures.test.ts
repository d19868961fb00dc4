import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const ROOT = new URL('../../flutter/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** Without what a formatter decides, and without what stands beside the declaration. */
const plain = (text: string): string =>
  text
    .replace(/\/\/.*/g, ' ')
    .replace(/@override|\bpublic\b/g, ' ')
    .replace(/,\s*([)\]}])/g, '$1')
    .replace(/\s+/g, ' ')
    .replace(/ ?([(),;{}[\]=]) ?/g, '$1');

interface InDart {
  readonly repo: string;
  readonly path: string;
  readonly commit: string;
  readonly signatures: readonly string[];
}

describe('the stubs of Dart packages have what the packages declare', () => {
  const recorded = JSON.parse(read('stubs/signatures.json')) as Record<string, readonly InDart[]>;
  const declared = Object.entries(recorded)
    .filter(([stub]) => stub !== '$comment')
    .flatMap(([stub, sources]) => sources.map((source) => ({ stub, ...source })));

  test.each(declared)('$stub: $path of $repo', ({ stub, commit, signatures }) => {
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    const text = plain(read(`stubs/${stub}`));
    for (const signature of signatures) expect(text).toContain(plain(signature));
  });
  test('of both', () => expect(declared).toHaveLength(4));
});

interface InObjectiveC {
  readonly commit: string;
  readonly signatures: readonly (readonly [objectiveC: string, swift: string])[];
}

/** The parts of a method's name, and which parameters may be nothing. */
function ofObjectiveC(declaration: string) {
  const name = declaration.replace(/^[-+] \([^)]*\)/, '');
  const parameters = [...name.matchAll(/(\w+):\(([^)]*)\)\w+/g)];
  return {
    parts: parameters.length === 0 ? [name] : parameters.map(([, part = '']) => part),
    mayBeNil: parameters.map(([, , type = '']) => type.startsWith('nullable')),
    returnsNil: /^[-+] \(nullable/.test(declaration),
  };
}

function ofSwift(declaration: string) {
  const [, name = '', list = ''] = /(\w+)\(([^)]*)\)/.exec(declaration) ?? [];
  const parameters = list === '' ? [] : list.split(', ');
  const labels = parameters.map((one) => /^\w+/.exec(one)?.[0] ?? '');
  const [first = '_', ...others] = labels;
  // `init(name:)` is `initWithName:`.
  const joined = name === 'init' ? `initWith${first}` : `${name}${first === '_' ? '' : first}`;
  return {
    parts: [joined, ...others],
    mayBeNil: parameters.map((one) => one.endsWith('?')),
    returnsNil: declaration.endsWith('?'),
  };
}

describe('the stub of the module Flutter has what the headers declare', () => {
  const recorded = JSON.parse(read('ios/signatures.json')) as Record<string, InObjectiveC>;
  const declared = Object.entries(recorded).filter(([path]) => path !== '$comment');

  test.each(declared)('%s', (_, { commit, signatures }) => {
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    const stub = plain(read('ios/Flutter/Flutter.swift'));
    for (const [objectiveC, swift] of signatures) {
      expect(stub).toContain(plain(swift));
      const [theirs, ours] = [ofObjectiveC(objectiveC), ofSwift(swift)];
      expect([swift, ours.mayBeNil, ours.returnsNil]).toEqual([
        swift,
        theirs.mayBeNil,
        theirs.returnsNil,
      ]);
      // The importer leaves out at the end of a part what the type of the parameter says again.
      expect(ours.parts).toHaveLength(theirs.parts.length);
      theirs.parts.forEach((part, index) => {
        const own = ours.parts[index] ?? '';
        expect(part.toLowerCase().startsWith(own.toLowerCase())).toBe(true);
      });
    }
  });
  test('of two headers', () => expect(declared).toHaveLength(2));
});
