/** What the handler finds around it: as on a phone, and nothing of Node. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { SyncEvent } from '../../src/events/event.ts';
import type { CliResult } from '../helpers/local-app.ts';
import { createLocalApp, handlerOf, runCli } from '../helpers/local-app.ts';

const HANDLER = 'src/background-sync.ts';

/** Node from 22 on has what Hermes V1 has. */
const HAS_V1 = 'union' in Set.prototype;

const trigger = (cwd: string, ...args: string[]): Promise<CliResult> =>
  runCli(['trigger', '--platform', 'local', '--json', ...args], { cwd });

const endOf = ({ events }: CliResult): SyncEvent | undefined =>
  events.filter(({ ev }) => ev === 'run.end').at(-1);

const run = (
  body: string,
  top = '',
  files: Record<string, string> = {},
  ...args: string[]
): Promise<CliResult> =>
  trigger(createLocalApp({ [HANDLER]: handlerOf(body, top), ...files }), ...args);

let url = '';
const server = createServer((request, response) => {
  if (request.url === '/slow') return;
  let text = '';
  request.on('data', (part: Buffer) => (text += part.toString()));
  request.on('end', () => {
    response.writeHead(request.url === '/gone' ? 410 : 200, { 'x-played': 'yes' });
    response.end(`${request.method} ${text}`);
  });
});
beforeAll(
  () =>
    new Promise<void>((resolve) =>
      server.listen(0, '127.0.0.1', () => {
        url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        resolve();
      }),
    ),
);
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe.concurrent('globals', () => {
  it.for([
    ['Buffer.from("x")', 'Buffer', 'the package `buffer`'],
    ['new MessageChannel()', 'MessageChannel', 'Hermes has none'],
    ['crypto.randomUUID()', 'crypto', 'expo-crypto'],
    ['void new ReadableStream()', 'ReadableStream', 'web-streams-polyfill'],
  ] as const)('%s fails, and what to do is said', async ([use, name, hint], { expect }) => {
    const result = await run(`(${use.replace('void ', '')}); return 0;`, 'declare const x: never;');
    expect(endOf(result)).toMatchObject({
      out: 'retry',
      msg: `ReferenceError: ${name} is not defined`,
    });
    expect(result.stderr).toContain(`${name} does not exist on a phone: `);
    expect(result.stderr).toContain(hint);
    expect(result.code).toBe(3);
  });

  it.for([
    ['[3, 1].toSorted()', 'Array.prototype.toSorted', '[...items].sort()'],
    ['Object.groupBy([1], String)', 'Object.groupBy', 'lodash.groupby'],
    ['new Uint8Array(1).toSorted()', 'TypedArray.prototype.toSorted', 'slice()'],
    ['new Set([1]).values().map(String)', 'Iterator.prototype.map', '[...values]'],
    ['new Intl.PluralRules("en")', 'Intl.PluralRules', '@formatjs/intl-pluralrules'],
    ['new FinalizationRegistry(() => {})', 'FinalizationRegistry', 'Hermes has none'],
  ] as const)(
    '%s, which Hermes has not, fails, and what to do is said',
    async ([use, name, hint], { expect }) => {
      const result = await run(`void (${use} as unknown); return 0;`);
      expect(result.code).toBe(3);
      // Node 20 has no such method either, and does not say of what.
      if (name.startsWith('Iterator') && !HAS_V1) return;
      expect(result.stderr).toContain(`${name} does not exist on a phone: `);
      expect(result.stderr).toContain(hint);
    },
  );

  it.for([
    ["new RegExp('a', 'v')", 'Invalid flags', 'the flag v'],
    ["RegExp('(?i:a)')", 'Quantifier has nothing to repeat', 'a modifier in a group, as (?i:…)'],
    ["new RegExp(new RegExp('(?<y>a)'), 'v')", 'Invalid flags', 'the flag v'],
    ["new RegExp('(?<y>a)|(?<y>b)')", 'Duplicate capture group name', 'two groups of one name'],
  ] as const)('%s throws as in Hermes', async ([use, words, what], { expect }) => {
    const result = await run(`${use}; return 0;`);
    expect(endOf(result)).toMatchObject({ msg: `SyntaxError: Invalid RegExp: ${words}` });
    expect(result.stderr).toContain(`A regular expression with ${what} is refused by Hermes`);
    expect(result.code).toBe(3);
  });

  it('other regular expressions are what they were', async ({ expect }) => {
    const result = await run(
      [
        "const all = [new RegExp('(?<=x)(?:a)(?<b>c)', 'giu'), RegExp(/a/g), new (class extends RegExp {})('a')];",
        "if (!all.every((one) => one instanceof RegExp) || !(/a/ instanceof RegExp)) throw new Error('none');",
        "if (RegExp(all[1]!) !== all[1] || 'a1b'.split(/\\d/).length !== 2) throw new Error('other');",
        'return 0;',
      ].join('\n'),
    );
    expect(result.code).toBe(0);
  });

  it.for([
    [
      83,
      3,
      'Set.prototype.union does not exist on a phone: Hermes has it from React Native 0.84 on',
    ],
    [84, 0, ''],
  ] as const)(
    'what Hermes V1 brought, with React Native 0.%s',
    async ([minor, code, said], { expect }) => {
      const version = JSON.stringify({ version: `0.${minor}.0` });
      const use = 'if (new Set([1]).union(new Set([2])).size !== 2) throw new Error("union");';
      const polyfill =
        'Set.prototype.union ??= function (other) { return new Set([...this, ...other]); };';
      const files = { 'node_modules/react-native/package.json': version };
      const withIt = await run(`${use} return 0;`, '', files);
      if (HAS_V1) expect(withIt.stderr).toContain(said);
      else if (code === 0)
        expect(withIt.stderr).toContain(
          `Node ${process.version}, which runs this, has no Set.prototype.union`,
        );
      if (HAS_V1 || code !== 0) expect(withIt.code).toBe(code);
      const polyfilled = await run(`${use} return 0;`, `// @ts-nocheck\n${polyfill}`, files);
      expect(polyfilled.code).toBe(0);
    },
  );

  it('an error of the app’s own is not taken for what Hermes lacks', async ({ expect }) => {
    const result = await run('(5 as any).map(); return 0;');
    expect(endOf(result)).toMatchObject({ msg: 'TypeError: 5.map is not a function' });
    expect(result.stderr).not.toContain('does not exist on a phone');
  });

  it('a text that Hermes reads no date in is an Invalid Date, and that is said', async ({
    expect,
  }) => {
    const result = await run(
      [
        "const bad = [new Date('Jan 1, 2020'), new Date('2020-01-01 10:00:00 UTC'), new Date(Date.parse('2020/01/01'))];",
        "if (bad.some((date) => !Number.isNaN(date.getTime()))) throw new Error('read');",
        "const good = [new Date('2020-01-01T10:00:00Z'), new Date(new Date(0).toString()), new Date(2020, 0), new Date(0), new Date(new Date(0)), new (class extends Date {})('2020-01-01')];",
        "if (good.some((date) => Number.isNaN(date.getTime()) || !(date instanceof Date))) throw new Error('not read');",
        "if (good[0]?.constructor !== Date || typeof Date() !== 'string' || Date.UTC(1970, 0) !== 0) throw new Error('not Date');",
        'return 0;',
      ].join('\n'),
      '// @ts-nocheck',
    );
    expect(result.code).toBe(0);
    expect(result.stderr).toContain('new Date("Jan 1, 2020") is an Invalid Date on a phone');
    expect(result.stderr.match(/Invalid Date/g)).toHaveLength(1);
  });

  it('a polyfill of a built-in is found, by the app and what inherits from it', async ({
    expect,
  }) => {
    const result = await run(
      [
        "if ('toSorted' in [] && ([] as any).toSorted !== undefined) throw new Error('found');",
        'Array.prototype.toSorted = function (this: any[], by: any) { return [...this].sort(by); } as any;',
        "class Many extends Array {}; const own: any = []; own.with = 'own';",
        "if (String(Many.from([3, 1]).toSorted()) !== '1,3' || own.with !== 'own') throw new Error('lost');",
        'return 0;',
      ].join('\n'),
    );
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
  });

  // V8 gives what a statement reads first the place of the statement.
  it.for([
    'return Buffer.from("x");',
    'throw new Buffer("x");',
    'let bytes: any; bytes = new Buffer("x"); return bytes;',
    'if (Buffer) return 0; return 0;',
    'void (await Buffer.from("x")); return 0;',
    'const bytes = [new Buffer("x")]; return bytes;',
    'console.log(new Buffer("x")); return 0;',
    'return 1 + String(Buffer.from("x")).length;',
    'console.log(\n1, String(\nBuffer.from("x"))); return 0;',
    'return [1, 2].map(() => JSON.stringify(Buffer.from("x")));',
  ])('what to do is said of a global where it is used: %s', async (use, { expect }) => {
    const result = await run(`${use} return 0 as any;`, '// @ts-nocheck\n');
    expect(endOf(result)).toMatchObject({ msg: 'ReferenceError: Buffer is not defined' });
    expect(result.stderr).toContain('Buffer does not exist on a phone: ');
  });

  it('a library that asks first finds nothing, and goes on', async ({ expect }) => {
    const result = await run(
      [
        "const absent = [typeof Buffer, typeof crypto, typeof (globalThis as any).MessageChannel, typeof (process as any).version, typeof (window as any)['Buffer']];",
        "if (absent.some((kind) => kind !== 'undefined')) throw new Error(absent.join());",
        'return 0;',
      ].join(' '),
    );
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
  });

  it('a library that takes names out of all globals finds none, and goes on', async ({
    expect,
  }) => {
    const result = await run(
      [
        'const { ReadableStream, TextEncoder: Encoder } = globalThis as any;',
        'const {\n  MessageChannel: Channel,\n  crypto = { of: { my: 1 } },\n} = globalThis as any;',
        "if (ReadableStream !== undefined || Channel !== undefined || crypto.of.my !== 1 || !Encoder) throw new Error('found');",
        'return 0;',
      ].join('\n'),
    );
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
  });

  it('what is missing is said where it ends the app, too', async ({ expect }) => {
    const result = await run(
      'queueMicrotask(() => { new EventSource("/"); }); await new Promise(() => {}); return 0;',
      'declare const EventSource: any;',
    );
    expect(endOf(result)).toMatchObject({ out: 'killed' });
    expect(result.stderr).toContain('Uncaught ReferenceError: EventSource is not defined');
    expect(result.stderr).toContain('EventSource does not exist on a phone: use react-native-sse');
  });

  it('a name that is put into an object is asked for', async ({ expect }) => {
    const result = await run('const all = { Buffer };\nvoid all; return 0;');
    expect(result.stderr).toContain('Buffer does not exist on a phone');
    expect(result.code).toBe(3);
  });

  it.for([
    [undefined, '; no stream; Network request failed'],
    ['53.0.27', 'ReadableStream; no stream; Network request failed'],
    [
      '54.0.38',
      'ReadableStream TextDecoderStream structuredClone; no stream; Network request failed',
    ],
    [
      '57.0.33',
      'ReadableStream TextDecoderStream structuredClone DOMException; stream; Unsupported FormDataPart implementation',
    ],
  ] as const)('are those of Expo %s: %s', async ([version, found], { expect }) => {
    const all = 'ReadableStream TextDecoderStream structuredClone DOMException';
    const result = await run(
      [
        `const found = '${all}'.split(' ').filter((name) => (globalThis as any)[name] !== undefined).join(' ');`,
        `const { body } = await fetch('${url}/');`,
        "const form = new FormData(); form.append('f', { uri: 'file:///nowhere' } as any);",
        `const sent = await fetch('${url}/', { method: 'POST', body: form }).catch(({ message }) => message);`,
        "throw new Error([found, body === undefined ? 'no stream' : 'stream', sent].join('; '));",
      ].join('\n'),
      '',
      version === undefined
        ? {}
        : { 'node_modules/expo/package.json': JSON.stringify({ version }) },
    );
    expect(endOf(result)).toMatchObject({ msg: `Error: ${found}` });
  });

  it('XMLHttpRequest answers where the phone has no TextDecoder', async ({ expect }) => {
    const result = await run(
      `return await new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.onload = () => resolve(typeof TextDecoder === 'undefined' ? request.responseText.length : 0);
        request.onerror = () => reject(new Error('failed'));
        request.open('POST', '${url}/'); request.send('ab');
      });`,
      '',
      { 'node_modules/react-native/package.json': '{ "version": "0.81.6" }' },
    );
    expect(endOf(result)).toMatchObject({ out: 'done', rem: 'POST ab'.length });
  });

  it('a request that gets no answer says which, and why', async ({ expect }) => {
    const result = await run("await fetch('http://127.0.0.1:1/a/b?c'); return 0;");
    expect(result.stderr).toContain('No answer from http://127.0.0.1:1: ');
    expect(endOf(result)).toMatchObject({ msg: 'TypeError: Network request failed' });
  });

  it('a form sends the files of the app', async ({ expect }) => {
    const result = await run(
      `const form = new FormData();
      form.append('photo', { uri: 'file:///etc/hostname', name: 'a' } as any);
      await fetch('${url}', { method: 'POST', body: form }); return 0;`,
    );
    expect(result.stderr).toContain(
      'A form could not be sent: its part photo is no file of the app',
    );
    expect(result.stderr).toContain("outside of the app's folders");
    expect(result.code).toBe(3);
  });

  it('a bare app has no global of Expo, and has the sign of a device', async ({ expect }) => {
    const body =
      "return typeof (globalThis as any).expo === 'undefined' && (globalThis as any).nativeCallSyncHook ? 7 : 0;";
    expect(endOf(await run(body))).toMatchObject({ rem: 7 });
    const expo = { 'node_modules/expo/package.json': '{ "version": "54.0.0" }' };
    expect(endOf(await run(body, '', expo))).toMatchObject({ rem: 0 });
  });

  it('a polyfill of the app is what all of its code finds', async ({ expect }) => {
    const result = await run(
      'return Buffer.count + shared();',
      "import './polyfill'; import { shared } from './shared';",
      {
        'src/polyfill.ts': '(globalThis as any).Buffer = { count: 3 };',
        'src/shared.ts': 'export const shared = () => (Buffer as any).count;',
      },
    );
    expect(endOf(result)).toMatchObject({ out: 'done', rem: 6 });
  });

  it('has those of React Native', async ({ expect }) => {
    const names =
      'window self global navigator XMLHttpRequest WebSocket FileReader fetch Headers Request Response FormData Blob URL ' +
      'AbortController setImmediate requestAnimationFrame performance alert __DEV__ queueMicrotask TextEncoder atob';
    const result = await run(
      `const missing = ${JSON.stringify(names.split(' '))}.filter((name) => (globalThis as any)[name] === undefined); ` +
        "if (missing.length > 0 || navigator.product !== 'ReactNative' || typeof setTimeout(() => {}, 0) !== 'number') throw new Error(missing.join()); return 0;",
      'declare const navigator: { product: string };',
    );
    expect(endOf(result)).toMatchObject({ out: 'done' });
  });

  it('blames the package that fails, not the one that imports it', async ({ expect }) => {
    const wrapper = 'node_modules/wrapper/package.json';
    const result = await run('return 0;', "import 'wrapper/driver';", {
      [wrapper]: '{"name":"wrapper","version":"1.0.0"}',
      'node_modules/wrapper/driver.js': "require('./inner');",
      'node_modules/wrapper/inner.js': "module.exports = require('native-store');",
    });
    expect(result.stderr).toContain(
      `cannot find the module native-store (imported by wrapper/driver, which ${HANDLER} imports)`,
    );
    expect(result.stderr).toContain('"native-store":"local/native-store.ts"');
    expect(result.code).toBe(2);
  });

  it('says of a package of package.json that it is not installed', async ({ expect }) => {
    const result = await run('return 0;', "import 'native-store';", {
      'package.json': '\uFEFF{ "dependencies": { "native-store": "^1.0.0" } }',
    });
    expect(result.stderr).toContain('package.json has it: install the app’s packages, or write');
    expect(result.code).toBe(2);
  });

  it('blames a package that asks for a part of Node', async ({ expect }) => {
    const result = await run('return 0;', "import 'wrapper';", {
      'node_modules/wrapper/index.js': "require('fs');",
    });
    expect(result.stderr).toContain(
      `wrapper (imported by ${HANDLER}) asks for fs, a part of Node, which a phone does not have`,
    );
    expect(result.stderr).toContain('"fs":"local/fs.ts"');
    expect(result.code).toBe(2);
  });

  it.for(['fs', 'node:crypto', 'stream'])('%s is a part of Node', async (name, { expect }) => {
    const result = await run('return 0;', `import ${JSON.stringify(name)};`);
    expect(result.stderr).toContain(
      `${name} (imported by ${HANDLER}) is a part of Node, which a phone does not have`,
    );
    expect(result.code).toBe(2);
  });

  it('finds a package that has the name of a part of Node', async ({ expect }) => {
    const result = await run('return events();', "import { events } from 'events';", {
      'node_modules/events/package.json': '{ "main": "main.js" }',
      'node_modules/events/main.js': 'exports.events = () => 5;',
    });
    expect(endOf(result)).toMatchObject({ rem: 5 });
  });
});

describe.concurrent('the network', () => {
  const XHR = `
    const ask = (method: string, path: string, body: string | null, set: (request: any) => void = () => {}) =>
      new Promise<any>((resolve) => {
        const request = new (globalThis as any).XMLHttpRequest();
        request.onloadend = () => resolve(request);
        request.open(method, URL_OF_SERVER + path);
        set(request);
        request.send(body);
      });`;

  it('XMLHttpRequest answers', async ({ expect }) => {
    const result = await run(
      [
        `const URL_OF_SERVER = ${JSON.stringify(url)};`,
        XHR,
        "const posted = await ask('POST', '/', 'hello');",
        "const gone = await ask('GET', '/gone', null, (request) => (request.responseType = 'text'));",
        "return { remaining: 0, message: [posted.status, posted.responseText, posted.getResponseHeader('X-Played'), gone.status, gone.readyState].join(' ') };",
      ].join('\n'),
    );
    expect(endOf(result)).toMatchObject({ out: 'done', msg: '200 POST hello yes 410 4' });
  });

  it.for([
    ['timeout', "request.timeout = 50; request.ontimeout = () => (seen = 'timeout');"],
    ['abort', "setTimeout(() => request.abort(), 50); request.onabort = () => (seen = 'abort');"],
  ] as const)('XMLHttpRequest ends by %s', async ([name, set], { expect }) => {
    const result = await run(
      [
        `const URL_OF_SERVER = ${JSON.stringify(url)};`,
        "let seen = '';",
        XHR,
        `const { status } = await ask('GET', '/slow', null, (request) => { ${set} });`,
        'return { remaining: status, message: seen };',
      ].join('\n'),
    );
    expect(endOf(result)).toMatchObject({ out: 'done', rem: 0, msg: name });
  });

  it('--offline is no network for fetch, XMLHttpRequest and WebSocket', async ({ expect }) => {
    const result = await run(
      [
        `const URL_OF_SERVER = ${JSON.stringify(url)};`,
        XHR,
        "const fetched = await fetch(URL_OF_SERVER).then(() => 'yes', (error) => error.message);",
        "let failed = false; const { status } = await ask('GET', '/', null, (request) => (request.onerror = () => (failed = true)));",
        "const socket = await new Promise((resolve) => { const s = new (globalThis as any).WebSocket('ws://127.0.0.1:1'); s.onclose = (e: any) => resolve(e.code); });",
        "return { remaining: 0, message: [fetched, failed, status, socket].join(' ') };",
      ].join('\n'),
      '',
      {},
      '--offline',
    );
    expect(endOf(result)).toMatchObject({ msg: 'Network request failed true 0 1006' });
  });

  it('a request that the window’s signal ends', async ({ expect }) => {
    const result = await run(
      `try { await fetch(${JSON.stringify(`${url}/slow`)}, { signal: window.signal as never }); } catch (error) { return { remaining: 1, message: (error as Error).name }; } return 0;`,
      '',
      {},
      '--expire-after',
      '300ms',
    );
    expect(endOf(result)).toMatchObject({ out: 'expired', rem: 1 });
  });
});

describe.concurrent('files, as Metro finds them', () => {
  it.for([
    [
      'ios',
      {
        'src/a.ts': 'export const a = 1;',
        'src/a.android.ts': 'export const a = 2;',
        'src/a.ios.ts': 'export const a = 3;',
      },
      2,
    ],
    ['native', { 'src/a.ts': 'export const a = 1;', 'src/a.native.ts': 'export const a = 4;' }, 4],
    ['web', { 'src/a.web.ts': 'export const a = 1;', 'src/a.ts': 'export const a = 5;' }, 5],
    ['a folder', { 'src/a/index.android.tsx': 'export const a = 6;' }, 6],
  ] as [string, Record<string, string>, number][])('%s', async ([, files, a], { expect }) => {
    const result = await run('return a;', "import { a } from './a';", files);
    expect(endOf(result)).toMatchObject({ out: 'done', rem: a });
  });

  it.for([
    ['react-native', '{ "main": "web.js", "react-native": "phone.js" }'],
    [
      'a condition',
      '{ "exports": { "react-native": "./phone.js", "node": "./web.js", "default": "./web.js" } }',
    ],
    ['the import condition alone', '{ "exports": { "import": "./phone.js" } }'],
    ['browser, a map', '{ "main": "web.js", "browser": { "./web.js": "./phone.js" } }'],
    ['an ES module package', '{ "type": "module", "main": "phone.js" }'],
  ])('a package by %s', async ([, manifest], { expect }) => {
    const result = await run('return kind;', "import { kind } from 'kind';", {
      'node_modules/kind/package.json': manifest ?? '',
      'node_modules/kind/phone.js': 'export const kind = 7;',
      'node_modules/kind/web.js': 'throw new Error("this is not the web");',
    });
    expect(result.stderr).toBe('');
    expect(endOf(result)).toMatchObject({ out: 'done', rem: 7 });
  });

  it('an image is a number, as for Metro', async ({ expect }) => {
    const result = await run(
      "return typeof icon === 'number' ? 8 : 0;",
      "const icon = require('./icon.png');",
      {
        'src/icon@2x.png': 'png',
      },
    );
    expect(endOf(result)).toMatchObject({ rem: 8 });
  });

  it('a file that Metro does not read is named', async ({ expect }) => {
    const result = await run('return 0;', "import './query.graphql';", {
      'src/query.graphql': 'query',
    });
    expect(result.stderr).toContain('Metro reads no .graphql file by itself');
    expect(result.stderr).toContain('src/query.graphql');
    expect(result.code).toBe(2);
  });

  it('a default import in .mjs is the default export, as for Metro', async ({ expect }) => {
    const result = await run('return count();', "import { count } from 'outer';", {
      'node_modules/outer/package.json': '{"main":"index.mjs"}',
      'node_modules/outer/index.mjs':
        "import inner from 'inner';\nexport const count = () => inner();\n",
      'node_modules/inner/package.json': '{"main":"index.mjs"}',
      'node_modules/inner/index.mjs': 'export default () => 5;\n',
    });
    expect(endOf(result)).toMatchObject({ out: 'done', rem: 5 });
  });

  it('JSX in .js, and a variable that is called module', async ({ expect }) => {
    const result = await run('return count();', "import { count } from './screen';", {
      'src/screen.js':
        "import * as React from './react';\nlet module = 9;\nexport const screen = () => <>{React}</>;\nexport const count = () => module;",
      'src/react.js': 'export const Fragment = 0;',
    });
    expect(endOf(result)).toMatchObject({ rem: 9 });
  });
});

describe.concurrent('what failed', () => {
  it('is placed in the file as it was written', async ({ expect }) => {
    const result = await run('return deep();', "import { deep } from './deep';", {
      'src/deep.ts':
        'interface A {\n  b: number;\n}\n\nexport function deep(): number {\n  const a: A = { b: 1 };\n  console.log(new Error("here").stack);\n  return a.b - 1;\n}\n',
    });
    expect(result.stderr).toMatch(/at deep \(.*src\/deep\.ts:7:15\)/);
    expect(result.code).toBe(0);
  });

  it.for(["throw new Error('no\\nkeys');", "return later(new Error('no\\nkeys'));"])(
    'a handler that throws is placed in its own file: %s',
    async (body, { expect }) => {
      const result = await run(
        body,
        'interface A {\n  b: number;\n}\nconst later = async (error: Error): Promise<number> => {\n  await Promise.resolve();\n  throw error;\n};',
      );
      expect(endOf(result)).toMatchObject({ out: 'retry', msg: 'Error: no\nkeys' });
      expect(result.stderr).toContain('drainQueue threw Error: no');
      expect(result.stderr).toMatch(/at .*drainQueue \(.*src\/background-sync\.ts:15:\d+\)\n$/);
    },
  );

  it('a handler that is aborted with its window is no failure of its own', async ({ expect }) => {
    const result = await run(
      'while (!window.signal.aborted) await sleep(5); throw new Error("cut");',
      '',
      {},
      '--budget',
      '2s',
    );
    expect(result.stderr).not.toContain('drainQueue threw');
    expect(result.code).toBe(4);
  });

  describe.concurrent('a native module that nothing plays', () => {
    const files = {
      'node_modules/ble/package.json': '{ "main": "index.js" }',
      'node_modules/ble/index.js':
        "const { TurboModuleRegistry } = require('react-native');\nconst ble = TurboModuleRegistry.getEnforcing('Ble');\nexports.scan = () => ble.scan();",
    };
    it.for([
      ['not where the handler does not use it', 'void scan; return 0;', false, 0],
      ['where that fails', 'return scan();', true, 3],
      ['where the failure is caught', 'try { scan(); } catch {} return 0;', true, 0],
    ] as const)(
      'that a package enforces is named %s',
      async ([, body, isNamed, code], { expect }) => {
        const result = await run(body, "import { scan } from 'ble';", files);
        const said = [
          'ble: its native half (Ble) is not played here.',
          '"alias":{"ble":"local/ble.ts"}',
        ].map((text) => result.stderr.includes(text));
        expect(said).toEqual([isNamed, isNamed]);
        expect(result.code).toBe(code);
      },
    );

    it('of Expo, whose method is called at load, is named where the handler waits for it', async ({
      expect,
    }) => {
      const pics = {
        'node_modules/pics/package.json': '{ "main": "index.js" }',
        'node_modules/pics/index.js':
          "const pics = require('expo-modules-core').requireNativeModule('Pics');\nexports.ready = pics.initAsync();\nvoid pics.initAsync();",
      };
      const result = await run('return ready;', "import { ready } from 'pics';", pics);
      expect(result.stderr).toContain('pics: its native half (Pics) is not played here.');
      expect(result.stderr).toContain("Expo's native Pics.initAsync does not exist");
      expect(result.stderr).not.toContain('Unhandled');
      expect(result.code).toBe(3);
    });

    const optional = {
      'node_modules/areas/package.json': '{ "main": "index.js" }',
      'node_modules/areas/index.js':
        "const area = require('react-native').TurboModuleRegistry.get('Areas');\nexports.log = () => area?.log();",
    };
    it.for([
      ['not where it is only imported', 'void log; return 0;', false],
      ['where it is called', 'log(); return 0;', true],
    ] as const)(
      'that a package can do without is named %s',
      async ([, body, isNamed], { expect }) => {
        const result = await run(body, "import { log } from 'areas';", optional);
        const text = 'areas: its native half (Areas) is not played here.';
        expect(result.stderr.includes(text)).toBe(isNamed);
        expect(result.code).toBe(0);
      },
    );

    it('that a package can do without is named in the second window, too', async ({ expect }) => {
      const result = await run(
        'if (window.attempt > 0 && began) log(); began = true; return 0;',
        "import { log } from 'areas';\nlet began = false;",
        optional,
        '--runs',
        '2',
      );
      expect(result.stderr).toContain('areas: its native half (Areas) is not played here.');
    });

    it('is named where the handler trips over it', async ({ expect }) => {
      const result = await run('return area.top;', "import { area } from 'areas';", {
        'node_modules/areas/package.json': '{ "main": "index.js" }',
        'node_modules/areas/index.js':
          "exports.area = require('react-native').TurboModuleRegistry.get('RNCSafeAreaContext');",
      });
      expect(result.stderr).toContain('areas: its native half (RNCSafeAreaContext) is not played');
    });

    it('is named where its package has one that is played', async ({ expect }) => {
      const asking = (name: string, package_ = name) => ({
        [`node_modules/${name}/package.json`]: '{ "main": "index.js" }',
        [`node_modules/${name}/index.js`]: `const { NativeModules } = require('react-native');\nconst all = [NativeModules.RNDeviceInfo, NativeModules.${package_}];\nexports.has = () => all.map(Boolean);`,
      });
      const top =
        "import { has } from 'crashes';\nimport { has as own } from 'react-native-device-info';";
      const result = await run('has(); own(); return 0;', top, {
        ...asking('crashes', 'Crashes'),
        ...asking('react-native-device-info', 'OtherName'),
      });
      expect(result.stderr).toContain('crashes: its native half (Crashes) is not played here.');
      expect(result.stderr).not.toContain('OtherName');
    });

    it('is that of the part of Firebase that asks by another', async ({ expect }) => {
      const result = await run("await import('@react-native-firebase/auth'); return 0;", '', {
        'node_modules/@react-native-firebase/app/package.json': '{ "main": "index.js" }',
        'node_modules/@react-native-firebase/app/index.js':
          "const { NativeModules } = require('react-native');\nvoid NativeModules.RNFBAppModule;\nexports.get = (name) => NativeModules[name];",
        'node_modules/@react-native-firebase/auth/package.json': '{ "main": "index.js" }',
        'node_modules/@react-native-firebase/auth/index.js':
          "exports.native = require('@react-native-firebase/app').get('RNFBAuthModule');",
      });
      expect(result.stderr).toContain(
        '@react-native-firebase/auth: its native half (RNFBAuthModule)',
      );
    });

    it('is none where React Native has it itself', async ({ expect }) => {
      const result = await run('void blobs; return 0;', "import { blobs } from 'urls';", {
        'node_modules/urls/package.json': '{ "main": "index.js" }',
        'node_modules/urls/index.js':
          "exports.blobs = require('react-native').NativeModules.BlobModule;",
      });
      expect(result.stderr).toBe('');
    });

    it.for([
      ['read in the handler', HANDLER, '(NativeModules as any).Points.get(); return 0;', '', 3],
      [
        'read on load',
        HANDLER,
        'return all.length;',
        'const all = (NativeModules as any).Points.get();\nvoid new all.Point();',
        3,
      ],
      [
        'asked for by a file of its own',
        'src/points.ts',
        'return points.get().length;',
        "import points from './points';",
        3,
      ],
    ] as const)('may be the app’s own: %s', async ([, file, body, top, code], { expect }) => {
      const result = await run(body, `import { NativeModules } from 'react-native';\n${top}`, {
        'src/points.ts':
          "import { TurboModuleRegistry } from 'react-native';\nexport default TurboModuleRegistry.getEnforcing<any>('Points');",
      });
      expect(result.stderr).toContain(
        `The native half of the app itself (Points, which ${file} asks for) is not played here.`,
      );
      expect(result.stderr).toContain('{"local":{"alias":{"./Points":"local/Points.ts"}}}');
      expect(result.code).toBe(code);
    });

    it('is the stand-in of it that the app names', async ({ expect }) => {
      const result = await run('return points.get().length;', "import points from './points';", {
        'bgsync.config.json': '{ "local": { "alias": { "./points": "local/points.ts" } } }',
        'local/points.ts': 'export default { get: () => [1, 2] };',
        'src/points.ts': "throw new Error('native');",
      });
      expect(endOf(result)).toMatchObject({ out: 'done', rem: 2 });
    });

    it('may be a method that a stand-in lacks', async ({ expect }) => {
      const result = await run(
        'return hosts();',
        "import { hosts } from 'react-native-device-info';",
        {
          'node_modules/react-native-device-info/package.json': '{ "main": "index.js" }',
          'node_modules/react-native-device-info/index.js':
            "const { NativeModules } = require('react-native');\nexports.hosts = () => NativeModules.RNDeviceInfo.getHostNames();",
        },
      );
      expect(result.stderr).toContain(
        'react-native-device-info: getHostNames of its native half is not played here.',
      );
      expect(result.stderr).toContain('"alias":{"react-native-device-info":');
      expect(result.code).toBe(3);
    });

    it.for([
      ['in the run', 'scan(); return 0;', '', 3],
      ['on load', 'return found.length + 1;', 'const found: any = scan();', 3],
    ] as const)('is named where it is used %s', async ([, body, top, code], { expect }) => {
      const result = await run(body, `import { scan } from 'ble';\n${top}`, files);
      expect(result.stderr).toMatch(
        /the native module Ble\.scan\S* does not exist in the local runner/,
      );
      expect(result.stderr).toContain('"alias":{"ble":"local/ble.ts"}');
      expect(result.code).toBe(code);
    });
  });
});

describe.concurrent('storage', () => {
  const files = {
    // As version 2 of the package asks for it.
    'node_modules/@react-native-async-storage/async-storage/package.json': '{ "main": "index.js" }',
    'node_modules/@react-native-async-storage/async-storage/index.js': `
      const { TurboModuleRegistry } = require('react-native');
      const native = TurboModuleRegistry.get('RNCAsyncStorage');
      const call = (name, argument) => new Promise((resolve, reject) =>
        native[name](argument, (errors, result) => (errors ? reject(new Error(errors[0].message)) : resolve(result))));
      exports.default = { get: async (key) => (await call('multiGet', [key]))[0][1], set: (key, value) => call('multiSet', [[key, value]]) };
      exports.__esModule = true;`,
  };
  const body =
    "const n = Number((await AsyncStorage.get('n')) ?? 0); await AsyncStorage.set('n', String(n + 1)); return n;";
  const top = "import AsyncStorage from '@react-native-async-storage/async-storage';";

  it('lasts from run to run, until --fresh; the stand-in is named', async ({ expect }) => {
    const cwd = createLocalApp({ [HANDLER]: handlerOf(body, top), ...files });
    const first = await trigger(cwd);
    expect(endOf(first)).toMatchObject({ rem: 0 });
    expect(first.stderr).toContain('async-storage: its native half is played here (a file)');
    expect(endOf(await trigger(cwd))).toMatchObject({ rem: 1 });
    expect(endOf(await trigger(cwd, '--fresh'))).toMatchObject({ rem: 0 });
  });
});

describe.concurrent('--server', () => {
  const POST =
    "fetch('https://api.example.com/notes?x=1', { method: 'POST', headers: { 'Idempotency-Key': key }, body: JSON.stringify({ n }) })";

  it('steady takes what is sent, wherever it was sent to, and knows a key again', async ({
    expect,
  }) => {
    const result = await run(
      `const send = async (key: string, n: number) => { const r = await ${POST}; return r.status + ' ' + r.headers.get('etag') + ' ' + (await r.json()).id; };
      const [a, b, c] = [await send('k1', 1), await send('k1', 1), await send('k2', 1)];
      return { remaining: 0, message: JSON.stringify([a.slice(0, 5), a === b, a === c, (await send('k1', 2)).slice(0, 3)]) };`,
      '',
      {},
      '--server',
      'steady',
    );
    expect(endOf(result)).toMatchObject({ out: 'done', msg: '["201 1",true,false,"422"]' });
    expect(result.stderr).toContain('got 4 requests, carried out 2 changes, lost 0 answers');
  });

  it('flaky refuses some, and loses the answer to others that it has carried out', async ({
    expect,
  }) => {
    const result = await run(
      `const seen: string[] = [];
      for (let n = 1; n <= 6; n++) { const key = 'k' + n; try { seen.push(String((await ${POST}).status)); } catch (error) { seen.push((error as Error).message); } }
      return { remaining: 0, message: seen.join(', ') };`,
      '',
      {},
      '--server',
      'flaky',
    );
    expect(endOf(result)?.msg).toBe('201, 201, 503, 201, Network request failed, 503');
    expect(result.stderr).toContain('carried out 4 changes, lost 1 answer,');
  });

  it('offline answers nobody; an address is that of a server of your own', async ({ expect }) => {
    const body = `const key = 'k', n = 1; const r = await ${POST}; return { remaining: 0, message: await r.text() };`;
    const offline = await run(body, '', {}, '--server', 'offline');
    expect(endOf(offline)).toMatchObject({ out: 'retry', msg: /Network request failed/ });
    const own = await run(body, '', {}, '--server', url);
    expect(endOf(own)).toMatchObject({ out: 'done', msg: 'POST {"n":1}' });
  });

  it('takes no other word', async ({ expect }) => {
    const result = await run('return 0;', '', {}, '--server', 'nosuch');
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('http://localhost:8080');
  });
});
