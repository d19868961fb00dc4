import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EQUIVALENT, KNOWN, placeFault, withFault } from '../mutate/faults.ts';
import type { Fault } from '../mutate/faults.ts';

const FAULTS = [...KNOWN, ...EQUIVALENT].map((fault) => fault.slice(0, 3) as unknown as Fault);

/** Read, not imported: `test:mutate` must not show its faults to a test that would see each by its text alone. */
test.each(FAULTS)('%s still has %s', (file, code, fault) => {
  const source = readFileSync(file, 'utf8');
  const mutant = placeFault(source, [file, code, fault]);
  expect(withFault(source, mutant)).not.toBe(source);
});

test('a fault that has no one place is said, and not tried elsewhere', () => {
  const place = (source: string) => () => placeFault(source, ['a.ts', 'a < b', 'a <= b']);
  expect(place('a < b')()).toMatchObject({ start: 0, end: 5 });
  expect(place('a > b')).toThrow('a.ts has not once a < b');
  expect(place('a < b; a < b')).toThrow('a.ts has not once a < b');
});
