import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hashOf, readShape } from '../../configs/reader.ts';
import type { Kind, Recorded } from '../../configs/reader.ts';
import { APP_CONFIGS, REACT_NATIVE_CONFIGS } from '../../configs/shapes.ts';

const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../configs/verdicts.json'), 'utf8'),
) as Record<Kind, Record<string, Recorded>>;

const RECORD = 'npm run test:configs -- --record';

/** What only a run can tell: it depends on the environment, or it throws. */
const UNKNOWN = new Set([
  'plugin in one variant alone',
  'TypeScript with what CommonJS has',
  'TypeScript that the CLI cannot load',
]);

describe.each([
  ['appConfig', APP_CONFIGS],
  ['reactNativeConfig', REACT_NATIVE_CONFIGS],
] as const)('the static reader of %s says what the real tool said', (kind, shapes) => {
  test('each shape has a verdict', () => {
    expect(Object.keys(recorded[kind])).toEqual(shapes.map(({ name }) => name));
  });

  test.each(shapes.map((shape) => [shape.name, shape] as const))('%s', async (name, shape) => {
    const said = recorded[kind][name]!;
    expect(hashOf(shape.files), RECORD).toBe(said.hash);
    const { verdict, result } = await readShape(kind, shape);
    if (UNKNOWN.has(name)) {
      expect(verdict.status).toBe('unknown');
      return;
    }
    expect(verdict, JSON.stringify(verdict)).toMatchObject({
      status: said.isPlaced ? 'placed' : 'absent',
    });
    if (said.isPlaced) {
      expect(result).toEqual({ status: 'already' });
      return;
    }
    expect(result.status).not.toBe('already');
    if (result.status !== 'changed') {
      expect(said.edited).toBeNull();
      return;
    }
    // What bgsync writes takes effect, and nothing that was there goes.
    expect(said.edited, RECORD).toEqual({
      hash: hashOf(result.text),
      isPlaced: true,
      keeps: true,
    });
  });
});
