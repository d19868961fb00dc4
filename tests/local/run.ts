/**
 * `npm run test:local`: handlers as people have them, with the real packages from npm installed, in `trigger --platform
 * local`. Needs npm and, the first time, a minute; the installed packages are kept.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderFile, renderLayer } from '../../src/templates/render.ts';
import { exampleModel } from '../helpers/generate.ts';
import { CASES } from './cases.ts';
import type { LocalCase } from './cases.ts';
import { install } from './install.ts';

const BIN = fileURLToPath(new URL('../../bin/bgsync.js', import.meta.url));
const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

/** What `init --queue` writes. */
function queueFiles(driver: LocalCase['queue']): [path: string, text: string][] {
  if (driver === undefined) return [];
  const example = exampleModel({});
  const driverImport = `'../modules/background-sync/src/queue/drivers/${driver}'`;
  const model = { ...example, queue: { ...example.queue, driver, driverImport } };
  const ofPackage = [...renderLayer('queue', model)].filter(
    ([path]) => !path.includes('/drivers/') || path.endsWith(`/${driver}.ts`),
  );
  return [
    ...ofPackage.map(([path, text]): [string, string] => [`modules/background-sync/${path}`, text]),
    ['src/sync-queue.ts', renderFile('handler/sync-queue.ejs', model)],
  ];
}

function write(root: string, each: LocalCase, server: string): void {
  const { top = '', body, files = {}, queue, store } = each;
  for (const name of ['src', 'modules', 'app.json', 'babel.config.js', '.babelrc.js', 'data']) {
    rmSync(join(root, name), { recursive: true, force: true });
  }
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const layer of ['package', 'react-native', 'typescript'] as const) {
    for (const [path, text] of renderLayer(layer, exampleModel({}))) {
      put(`modules/background-sync/${path}`, text);
    }
  }
  for (const [path, text] of queueFiles(queue)) put(path, text);
  put('bgsync.config.json', JSON.stringify(queue === undefined ? {} : { queue }));
  if (store !== undefined) {
    const { handler, ...model } = exampleModel({});
    const text = renderFile('handler/background-sync.ejs', {
      ...model,
      handler: { ...handler, store },
    });
    put(
      'src/background-sync.ts',
      text.replace(
        'registerBackgroundSync({ queue });',
        `const SERVER = ${JSON.stringify(server)};
registerBackgroundSync({ queue: { async drainQueue(window) { ${body} } } });`,
      ),
    );
    for (const [path, text] of Object.entries(files)) put(path, text);
    return;
  }
  put(
    'src/background-sync.ts',
    `import { registerBackgroundSync } from '../modules/background-sync/src';
${queue === undefined ? '' : "import { queue } from './sync-queue';\n"}${top}
const SERVER = ${JSON.stringify(server)};
registerBackgroundSync({ queue: { async drainQueue(window: any): Promise<any> { void SERVER; ${body} } } });
`,
  );
  for (const [path, text] of Object.entries(files)) put(path, text);
}

/** A server that answers what the cases ask. */
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const status = request.url === '/missing' ? 404 : request.url?.startsWith('/rest/') ? 201 : 200;
    response.writeHead(status, { 'content-type': 'application/json', 'x-played': 'yes' });
    response.end(status === 201 ? '' : parts.length === 0 ? '{}' : Buffer.concat(parts));
  });
});

interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly remaining: number | undefined;
}

/** Node's packages on npm ship its binary: https://www.npmjs.com/package/node */
function nodeOf(release: number | undefined): string {
  if (release === undefined || process.versions.node.startsWith(`${release}.`)) {
    return process.execPath;
  }
  const { platform, arch } = process;
  const name = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  const bin = platform === 'win32' ? 'node.exe' : 'node';
  return join(install({ [name]: String(release) }), 'node_modules', name, 'bin', bin);
}

const environment = (root: string): NodeJS.ProcessEnv => ({
  ...process.env,
  XDG_CACHE_HOME: join(root, 'data'),
});

function trigger(node: string, root: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(
      node,
      [BIN, 'trigger', '--platform', 'local', '--json', '--budget', '20s', ...args],
      { cwd: root, env: environment(root) },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
    child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
    child.once('close', (code) => {
      const ends = stdout
        .split('\n')
        .filter((line) => line.includes('"ev":"run.end"'))
        .map((line) => JSON.parse(line) as { rem?: number });
      resolve({ code, output: `${stdout}${stderr}`, remaining: ends.at(-1)?.rem });
    });
  });
}

function showQueue(node: string, root: string): string {
  const { stdout, stderr } = spawnSync(node, [BIN, 'queue', '--json'], {
    cwd: root,
    env: environment(root),
    encoding: 'utf8',
  });
  return `${stdout}${stderr}`;
}

/** What TypeScript says of the handler with the packages' own types. */
function typeErrors(root: string): string {
  const args = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext'];
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      TSC,
      ...args,
      ...['--moduleResolution', 'bundler', '--lib', 'es2022,dom'],
      'src/background-sync.ts',
    ],
    { cwd: root, encoding: 'utf8' },
  );
  return status === 0 ? '' : stdout.replaceAll(/^modules.*\n?/gm, '');
}

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const only = process.env.BGSYNC_ONLY;
let passed = 0;
let failed = 0;
for (const each of CASES) {
  if (only !== undefined && !each.name.includes(only)) continue;
  const root = install(each.packages, each.manifest);
  write(root, each, address);
  const { code, output, remaining } = await trigger(nodeOf(each.node), root, each.args ?? []);
  const queued = each.queued === undefined ? '' : showQueue(nodeOf(each.node), root);
  const wrong = each.store === undefined ? '' : typeErrors(root);
  const unsaid = [
    ...(each.says ?? []).filter((text) => !output.includes(text)),
    ...(each.queued ?? []).filter((text) => !queued.includes(text)),
  ];
  const said = (each.never ?? []).filter((text) => output.includes(text));
  const isRight =
    code === each.exit &&
    (each.remaining === undefined || remaining === each.remaining) &&
    unsaid.length === 0 &&
    said.length === 0 &&
    wrong === '';
  if (isRight) passed += 1;
  else failed += 1;
  console.log(`${isRight ? 'ok  ' : 'FAIL'} ${each.name}`);
  if (!isRight) {
    console.log(`  exit ${code} for ${each.exit}, remaining ${remaining} for ${each.remaining}`);
    for (const text of unsaid) console.log(`  does not say: ${text}`);
    for (const text of said) console.log(`  says: ${text}`);
    console.log(`${output}${queued}${wrong}`.replace(/^/gm, '  | '));
  }
}
server.close();
console.log(`\nlocal: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
