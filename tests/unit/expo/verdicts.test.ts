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
  ['appConfig', APP_CONFIGS, 40],
  ['reactNativeConfig', REACT_NATIVE_CONFIGS, 20],
] as const)('the static reader of %s says what the real tool said', (kind, shapes, least) => {
  test('each shape has a verdict, and is one of many that differ', () => {
    const texts = new Set(shapes.map(({ files }) => hashOf(files)));
    expect(texts.size).toBe(shapes.length);
    expect(texts.size).toBeGreaterThanOrEqual(least);
    // Of either verdict so many that a reader which always says the same is seen.
    const placed = Object.values(recorded[kind]).filter(({ isPlaced }) => isPlaced).length;
    expect(Math.min(placed, shapes.length - placed)).toBeGreaterThanOrEqual(least / 4);
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
