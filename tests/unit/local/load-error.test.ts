import { describe, expect, it } from 'vitest';
import { explainLoadError } from '../../../src/devices/local/load-error.ts';
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

  it('takes what is no error', () => {
    expect(explainLoadError('plain', undefined, '/app').message).toBe('plain');
  });
});
