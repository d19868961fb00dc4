import { describe, expect, it, test } from 'vitest';
import { explainLoadError, explainMissingModules } from '../../../src/devices/local/load-error.ts';
import { findAlias } from '../../../src/devices/local/world/loader.ts';

describe('findAlias', () => {
  const alias = { storage: '/a', 'storage/fast': '/b', '@scope/x': '/c' };
  it.each([
    ['storage', '/a'],
    ['storage/slow', '/a'],
    ['storage/fast', '/b'],
    ['storage/fast/deep', '/b'],
    ['@scope/x/y', '/c'],
    ['storages', undefined],
    ['@scope', undefined],
    ['toString', undefined],
  ])('%s', (specifier, file) => {
    expect(findAlias(alias, specifier)).toBe(file);
  });
});

describe('explainLoadError', () => {
  it('names the module, who imports it, and the key to set', () => {
    const culprit = { specifier: '@a/b', importer: '/app/src/q.ts', notFound: true };
    const { message, hint } = explainLoadError(new Error('x'), culprit, '/app');
    expect(message).toBe('cannot find the module @a/b (imported by src/q.ts).');
    expect(hint).toContain('{"local":{"alias":{"@a/b":"local/a-b.ts"}}}');
  });

  it('names the package that fails, not the one that imports it', () => {
    const culprit = {
      specifier: 'expo-sqlite',
      importer: '/app/node_modules/drizzle-orm/expo-sqlite/index.js',
      notFound: true,
      through: { specifier: 'drizzle-orm/expo-sqlite', importer: '/app/src/q.ts' },
    };
    const { message, hint } = explainLoadError(new Error('x'), culprit, '/app');
    expect(message).toBe(
      'cannot find the module expo-sqlite (imported by drizzle-orm/expo-sqlite, which src/q.ts imports).',
    );
    expect(hint).toContain('{"expo-sqlite":"local/expo-sqlite.ts"}');
  });

  it('says where the app’s own code threw', () => {
    const error = new RangeError('no');
    error.stack =
      'RangeError: no\n    at f (/app/node_modules/x/i.js:1:2)\n    at /app/src/q.ts:7:3';
    expect(explainLoadError(error, undefined, '/app').message).toBe('RangeError: no (src/q.ts:7)');
  });

  it('leaves to esbuild where it stopped', () => {
    const error = new Error('Transform failed with 1 error:\n/app/src/q.ts:4:1: ERROR: Unexpected');
    expect(explainLoadError(error, undefined, '/app').message).toContain(
      'src/q.ts:4:1: ERROR: Unexpected',
    );
    expect(explainLoadError(error, undefined, '/app').message).not.toContain('Transform failed');
  });

  it('says nothing of an installation to who has the package, and leaves out how to link it', () => {
    const culprit = { specifier: 'x', importer: '/app/src/q.ts', notFound: false };
    const { message, hint } = explainLoadError(
      new Error('null\nRun `pod install`.'),
      culprit,
      '/app',
    );
    expect(message).toBe('the module x (imported by src/q.ts) cannot be loaded here: Error: null');
    expect(hint).toBe(
      'Write a stand-in for it and name that in bgsync.config.json, local.alias: {"local":{"alias":{"x":"local/x.ts"}}}',
    );
  });

  it.each([
    [
      '@a/b/deep',
      ['@a/b'],
      /^package\.json has it: install the app’s packages, or write a stand-in/,
    ],
    ['x', ['x'], /^package\.json has it/],
    ['x/y', ['y'], /^Install it, or write a stand-in/],
    ['x', [], /^Install it/],
  ])(
    'tells a package that is not installed from one that nobody asks for: %s',
    (specifier, names, hint) => {
      const culprit = { specifier, importer: '/app/src/q.ts', notFound: true };
      const said = explainLoadError(new Error('x'), culprit, '/app', new Set(names));
      expect(said.hint).toMatch(hint);
    },
  );

  it('takes from the loader alone what of Node a package asks for', () => {
    const culprit = { specifier: 'x', importer: '/app/src/q.ts', notFound: false };
    const said = new Error("Cannot find module 'events'");
    expect(explainLoadError(said, culprit, '/app').message).toBe(
      "the module x (imported by src/q.ts) cannot be loaded here: Error: Cannot find module 'events'",
    );
    const { message, hint } = explainLoadError(said, { ...culprit, asked: 'events' }, '/app');
    expect(message).toBe(
      'x (imported by src/q.ts) asks for events, a part of Node, which a phone does not have.',
    );
    expect(hint).toContain('{"events":"local/events.ts"}');
  });

  it('takes what is no error', () => {
    expect(explainLoadError('plain', undefined, '/app').message).toBe('plain');
  });
});

test('explainMissingModules says for each package once what is missing', () => {
  const notes = explainMissingModules([
    { packageName: '@a/b', name: 'One' },
    { packageName: 'c', name: 'Two' },
    { packageName: '@a/b', name: 'Three' },
  ]);
  expect(notes).toHaveLength(2);
  expect(notes[0]).toContain('@a/b: its native half (One, Three) is not played here.');
  expect(notes[0]).toContain('{"local":{"alias":{"@a/b":"local/a-b.ts"}}}');
});
