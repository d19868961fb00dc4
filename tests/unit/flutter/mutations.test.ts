import { expect, test } from 'vitest';
import { DART_MUTATIONS } from '../../border/dart-mutations.mjs';
import { KOTLIN_MUTATIONS, MUTATIONS, SWIFT_MUTATIONS } from '../../flutter/mutations.mjs';
import { renderPlugin } from '../../flutter/render.ts';

// The suites that play them take minutes, and are not run where another host's sources are changed.
const { plugin } = renderPlugin();

test.each(
  [...MUTATIONS, ...KOTLIN_MUTATIONS, ...SWIFT_MUTATIONS, ...DART_MUTATIONS].map(
    ({ file, name, from }) => [`${file}: ${name}`, file, from] as const,
  ),
)('fits in one place: %s', (_name, file, from) => {
  const places = [...plugin]
    .filter(([path]) => path === file || path.endsWith(`/${file}`))
    .map(([, text]) => text.split(from).length - 1);
  expect(places).toEqual([1]);
});
