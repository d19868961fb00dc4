/**
 * Windows over a handler of an app, in the app's own process: bundled by layers.ts, where `the-app` and `the-handler` are
 * those of the case. A window closes when its server has a request in hand, never by a clock. Prints what is wrong.
 */
import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';

interface Window {
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}
type Result =
  | number
  | { readonly remaining: number; readonly outcome?: string; readonly message?: string };
interface App {
  change(text: string): Promise<void>;
  settled?(): Promise<void>;
}

/** What the server does with a request that brings a change. */
let mode: 'works' | 'fails' | 'hangs' = 'works';
let inHand: () => void = () => undefined;
const delivered = new Set<string>();

const server = createServer((request, response) => {
  let text = '';
  request.on('data', (part: Buffer) => (text += part.toString()));
  request.on('end', () => {
    if (mode === 'hangs') {
      inHand();
      return;
    }
    if (mode === 'works') {
      for (const [change] of text.matchAll(/change-\d/g)) delivered.add(change);
    }
    response.writeHead(mode === 'works' ? 200 : 500, {
      'content-type': 'application/json',
      // A connection that is kept could be the one that is about to be cut.
      connection: 'close',
    });
    response.end(JSON.stringify({ changes: {}, timestamp: Date.now() }));
  });
});

const problems: string[] = [];
function expect(what: string, actual: unknown, wanted: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(wanted)];
  if (is !== should) problems.push(`${what}: ${is}, not ${should}`);
}

/** The handler's requests go to the suite's server: this one takes its place. */
const suite = process.env.BGSYNC_SERVER ?? '';
const realFetch = globalThis.fetch;
const underWay = new Set<Promise<unknown>>();
async function play(): Promise<void> {
  // By it, libraries take themselves to be in one of several tabs: a phone has none.
  Reflect.deleteProperty(globalThis, 'BroadcastChannel');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const own = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  globalThis.fetch = (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    // Node's fetch keeps its own listener on a signal: counted are those of the handler.
    const signal = init?.signal == null ? undefined : AbortSignal.any([init.signal]);
    const answer = realFetch(url.replace(suite, own), { ...init, ...(signal && { signal }) });
    const known = answer.catch(() => undefined).finally(() => underWay.delete(known));
    underWay.add(known);
    return answer;
  };
  // @ts-expect-error: the bundler knows it.
  const app = (await import('the-app')) as App;
  // @ts-expect-error: the bundler knows it.
  await import('the-handler');
  const queue = (
    globalThis as unknown as { registered: { drainQueue(w: Window): Promise<Result> } }
  ).registered;

  const drain = async (closes = false): Promise<{ left: number; outcome: string }> => {
    const controller = new AbortController();
    inHand = () => {
      if (closes) controller.abort();
    };
    const result = await queue.drainQueue({ signal: controller.signal, progress: () => undefined });
    await new Promise(setImmediate);
    expect('listeners on the signal', getEventListeners(controller.signal, 'abort').length, 0);
    return typeof result === 'number'
      ? { left: result, outcome: 'done' }
      : { left: result.remaining, outcome: result.outcome ?? 'done' };
  };

  expect('empty', await drain(), { left: 0, outcome: 'done' });
  // What the library tries at once, in the foreground, does not work either.
  mode = 'fails';
  for (const text of ['change-1', 'change-2', 'change-3']) await app.change(text);
  await app.settled?.();
  expect('a server that fails', await drain(), { left: 3, outcome: 'retry' });
  mode = 'hangs';
  expect('a window that closes', await drain(true), { left: 3, outcome: 'done' });
  mode = 'works';
  server.closeAllConnections();
  await Promise.all(underWay);
  await app.settled?.();
  expect('a server that works', await drain(), { left: 0, outcome: 'done' });
  expect('delivered', [...delivered].sort(), ['change-1', 'change-2', 'change-3']);
  expect('empty again', await drain(), { left: 0, outcome: 'done' });
}

play()
  .catch((error: unknown) =>
    problems.push(error instanceof Error ? (error.stack ?? '') : String(error)),
  )
  .finally(() => {
    for (const problem of problems) console.log(problem);
    // What libraries have running for the whole life of an app would keep the process.
    process.exit(problems.length > 0 ? 1 : 0);
  });
