import { spawn, spawnSync } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** Debian's name, Google's, and what CHROME says. */
const NAMES = [process.env.CHROME, 'chromium', 'chromium-browser', 'google-chrome'];

/** @returns undefined where this machine has none */
export const findChromium = (): string | undefined =>
  NAMES.find((name) => name !== undefined && spawnSync(name, ['--version']).status === 0);

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** A real browser without a window, over the DevTools protocol on a pipe: https://chromedevtools.github.io/devtools-protocol/ */
export class Chromium {
  private readonly child;
  private readonly pending = new Map<number, (answer: Answer) => void>();
  private readonly heard: ((answer: Answer) => void)[] = [];
  private session: string | undefined;
  private last = 0;

  constructor(name: string, profile: string) {
    this.child = spawn(
      name,
      [
        ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
        ...['--hide-scrollbars', '--remote-debugging-pipe', `--user-data-dir=${profile}`],
        'about:blank',
      ],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    let rest = '';
    (this.child.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (rest + chunk).split('\0');
      rest = messages.pop() ?? '';
      for (const message of messages) this.take(JSON.parse(message) as Answer);
    });
    this.child.once('exit', () => {
      for (const answer of this.pending.values()) answer({ error: { message: 'it ended' } });
    });
  }

  /** Attaches to a page of its own. */
  async start(): Promise<void> {
    const { targetId } = (await this.send('Target.createTarget', { url: 'about:blank' })) as {
      targetId: string;
    };
    const { sessionId } = (await this.send('Target.attachToTarget', {
      targetId,
      flatten: true,
    })) as { sessionId: string };
    this.session = sessionId;
    await this.send('Page.enable');
    await this.send('Network.enable');
  }

  /** Everything that the page asks for, by address, is handed to `onRequest`. */
  async open(url: string, onRequest: (url: string) => void): Promise<void> {
    const listen = ({ method, ...rest }: Answer): void => {
      if (method !== 'Network.requestWillBeSent') return;
      onRequest((rest as { params: { request: { url: string } } }).params.request.url);
    };
    this.heard.push(listen);
    const loaded = new Promise<void>((resolve) =>
      this.heard.push(({ method }) => {
        if (method === 'Page.loadEventFired') resolve();
      }),
    );
    await this.send('Page.navigate', { url });
    await loaded;
    this.heard.length = 0;
  }

  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = (await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })) as { result: { value: T }; exceptionDetails?: unknown };
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  }

  async press(key: string, code: number, text?: string): Promise<void> {
    const event = {
      key,
      code: key,
      windowsVirtualKeyCode: code,
      ...(text !== undefined && { text }),
    };
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', ...event });
    await this.send('Input.dispatchKeyEvent', {
      type: 'keyUp',
      key,
      code: key,
      windowsVirtualKeyCode: code,
    });
  }

  send(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const id = (this.last += 1);
    const message = {
      id,
      method,
      params,
      ...(this.session !== undefined && { sessionId: this.session }),
    };
    return new Promise((resolve, reject) => {
      this.pending.set(id, ({ result, error }) => {
        this.pending.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
      (this.child.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`);
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.child.once('close', () => resolve());
      this.child.kill('SIGKILL');
    });
  }

  private take(answer: Answer): void {
    if (answer.id === undefined) for (const listen of [...this.heard]) listen(answer);
    else this.pending.get(answer.id)?.(answer);
  }
}
