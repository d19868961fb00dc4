import fc from 'fast-check';
import { expect, test } from 'vitest';
import { callsOf, openScript } from '../../src/doctor/code/javascript.ts';
import { constantOf } from '../../src/doctor/code/js-resolve.ts';
import { openRepo } from '../../src/doctor/repo.ts';
import { memoryFileSystem } from '../helpers/memory-file-system.ts';
import { BASES } from '../helpers/doctor-bases.ts';
import { numRuns, timeout } from './runs.ts';

/**
 * Constants that are made of others, over files: what the model says that one is must be what a walker finds that knows
 * nothing of the text, only of what each was made from.
 */

type Form = 'literal' | 'same' | 'template' | 'sum' | 'object' | 'enum' | 'let';
interface Made {
  readonly form: Form;
  /** Earlier ones; taken modulo how many there are. */
  readonly of: number;
  readonly and: number;
  readonly file: number;
  readonly how: 'named' | 'renamed' | 'namespace' | 'through';
}

const FILES = 3;

/** The value of each: of one that is assigned to again it is not known. */
function walk(all: readonly Made[]): (string | undefined)[] {
  const values: (string | undefined)[] = [];
  for (const [index, { form, of, and }] of all.entries()) {
    const [a, b] = index === 0 ? ['', ''] : [values[of % index], values[and % index]];
    if (index === 0 || form === 'literal' || form === 'object' || form === 'enum') {
      values.push(`v${index}`);
    } else if (form === 'same') values.push(a);
    else if (form === 'template') values.push(a === undefined ? undefined : `t-${a}`);
    else if (form === 'sum') values.push(a === undefined || b === undefined ? undefined : a + b);
    else values.push(undefined);
  }
  return values;
}

function write(all: readonly Made[]): Record<string, string> {
  const bodies = Array.from({ length: FILES }, () => '');
  const heads = Array.from({ length: FILES }, () => new Set<string>());
  let barrel = '';
  const fileOf = (index: number): number => (all[index]?.file ?? 0) % FILES;
  const memberOf = (index: number): string =>
    ['object', 'enum'].includes(all[index]?.form ?? '') && index > 0
      ? `c${index}.KEY`
      : `c${index}`;
  /** How a file names a constant. */
  const use = (from: number, index: number, how: Made['how']): string => {
    const to = fileOf(index);
    const member = memberOf(index).slice(`c${index}`.length);
    if (to === from) return `c${index}${member}`;
    const head = heads[from];
    if (how === 'namespace') {
      head?.add(`import * as n${to} from './m${to}';`);
      return `n${to}.c${index}${member}`;
    }
    if (how === 'renamed') {
      head?.add(`import { c${index} as r${index} } from './m${to}';`);
      return `r${index}${member}`;
    }
    if (how === 'through') {
      head?.add(`import { b${index} } from './barrel';`);
      return `b${index}${member}`;
    }
    head?.add(`import { c${index} } from './m${to}';`);
    return `c${index}${member}`;
  };
  for (const [index, { form, of, and, how }] of all.entries()) {
    const file = fileOf(index);
    const other = (one: number): string => use(file, one % Math.max(index, 1), how);
    const name = `export const c${index}`;
    const line =
      index === 0 || form === 'literal'
        ? `${name} = 'v${index}';`
        : form === 'object'
          ? `${name} = { OTHER: 'x', KEY: 'v${index}' } as const;`
          : form === 'enum'
            ? `export enum c${index} { OTHER = 'x', KEY = 'v${index}' }`
            : form === 'same'
              ? `${name} = ${other(of)};`
              : form === 'template'
                ? `${name} = \`t-\${${other(of)}}\`;`
                : form === 'sum'
                  ? `${name} = ${other(of)} + ${other(and)};`
                  : `export let c${index} = 'v${index}';\nexport function set${index}(value: string) { c${index} = value; }`;
    bodies[file] = `${bodies[file] ?? ''}${line}\n`;
    barrel += `export { c${index} as b${index} } from './m${file}';\n`;
  }
  const last = all.length - 1;
  const target = use(FILES, last, 'named');
  const files = Object.fromEntries(
    bodies.map((body, file) => [
      `src/m${file}.ts`,
      `${[...(heads[file] ?? [])].join('\n')}\n${body}`,
    ]),
  );
  const imported = fileOf(last);
  return {
    ...files,
    'src/barrel.ts': barrel,
    'src/use.ts': `import { mark } from 'marker';\nimport { c${last} } from './m${imported}';\nmark(${target});\n`,
  };
}

const made = fc.record({
  form: fc.constantFrom<Form>('literal', 'same', 'template', 'sum', 'object', 'enum', 'let'),
  of: fc.nat(20),
  and: fc.nat(20),
  file: fc.nat(FILES - 1),
  how: fc.constantFrom<Made['how']>('named', 'renamed', 'namespace', 'through'),
});

test(
  'a constant is what a walker of its own finds, or not known',
  async () => {
    let known = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(made, { minLength: 1, maxLength: 6 }), async (all) => {
        const tree = Object.entries({ ...BASES['react-native'], ...write(all) });
        const fs = memoryFileSystem(
          Object.fromEntries(tree.map(([name, text]) => [`/app/${name}`, text])),
        );
        const repo = await openRepo(fs, '/app');
        const script = await openScript(repo, 'src/use.ts');
        const [call] = callsOf(script!, { module: 'marker', name: 'mark' });
        const said = await constantOf(repo, script!, call!.arguments[0]);
        const value = walk(all).at(-1);
        if (said !== undefined) known += 1;
        expect(said ?? value).toBe(value);
      }),
      { numRuns },
    );
    // A model that knows nothing would contradict nobody.
    expect(known).toBeGreaterThan(numRuns / 3);
  },
  timeout,
);
