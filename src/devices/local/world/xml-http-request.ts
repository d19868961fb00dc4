/**
 * XMLHttpRequest over `fetch`: what axios, apollo-upload and old SDKs use in React Native.
 * https://xhr.spec.whatwg.org/, without uploads' progress and without synchronous requests.
 */

type Body = NonNullable<RequestInit['body']>;
type Handler = ((event: { type: string; target: unknown }) => void) | null;

type EventName =
  | 'readystatechange'
  | 'loadstart'
  | 'progress'
  | 'load'
  | 'error'
  | 'abort'
  | 'timeout'
  | 'loadend';

class Listeners {
  private readonly handlers = new Map<string, Set<NonNullable<Handler>>>();

  addEventListener(type: string, handler: Handler): void {
    if (handler === null) return;
    const known = this.handlers.get(type) ?? new Set();
    this.handlers.set(type, known.add(handler));
  }

  removeEventListener(type: string, handler: Handler): void {
    if (handler !== null) this.handlers.get(type)?.delete(handler);
  }

  dispatch(type: EventName, details: object = {}): void {
    const event = { type, target: this, currentTarget: this, ...details };
    const own = (this as unknown as Record<string, Handler | undefined>)[`on${type}`];
    if (typeof own === 'function') own.call(this, event);
    for (const handler of this.handlers.get(type) ?? []) handler.call(this, event);
  }
}

/** @param fetch what sends, whatever the app puts in place of the global one */
export function createXmlHttpRequest(fetch: typeof globalThis.fetch): new () => object {
  return class XMLHttpRequest extends Listeners {
    static readonly UNSENT = 0;
    static readonly OPENED = 1;
    static readonly HEADERS_RECEIVED = 2;
    static readonly LOADING = 3;
    static readonly DONE = 4;
    readonly UNSENT = 0;
    readonly OPENED = 1;
    readonly HEADERS_RECEIVED = 2;
    readonly LOADING = 3;
    readonly DONE = 4;

    readyState = 0;
    status = 0;
    statusText = '';
    responseURL = '';
    responseType: '' | 'text' | 'json' | 'arraybuffer' | 'blob' = '';
    response: unknown = '';
    /** Milliseconds; 0 is none. */
    timeout = 0;
    withCredentials = true;
    readonly upload = new Listeners();

    private method = 'GET';
    private url = '';
    private requestHeaders = new Headers();
    private responseHeaders: Headers | undefined;
    private controller: AbortController | undefined;
    private text = '';

    get responseText(): string {
      return this.text;
    }

    open(method: string, url: string | URL, async = true): void {
      if (!async) throw new Error('Synchronous http requests are not supported');
      this.abortSilently();
      this.method = method;
      this.url = String(url);
      this.requestHeaders = new Headers();
      this.change(1);
    }

    setRequestHeader(name: string, value: string): void {
      if (this.readyState !== 1) throw new Error('Request has not been opened');
      this.requestHeaders.append(name, value);
    }

    getResponseHeader(name: string): string | null {
      return this.responseHeaders?.get(name) ?? null;
    }

    getAllResponseHeaders(): string | null {
      if (this.responseHeaders === undefined) return null;
      return [...this.responseHeaders].map(([name, value]) => `${name}: ${value}\r\n`).join('');
    }

    overrideMimeType(): void {
      // Only documents would show it, and there are none.
    }

    send(body?: Body | null): void {
      if (this.readyState !== 1) throw new Error('Request has not been opened');
      const controller = new AbortController();
      this.controller = controller;
      let isTimeout = false;
      const timer =
        this.timeout > 0
          ? setTimeout(() => {
              isTimeout = true;
              controller.abort();
            }, this.timeout)
          : undefined;
      this.dispatch('loadstart');
      const end = (type: 'load' | 'error' | 'abort' | 'timeout'): void => {
        clearTimeout(timer);
        if (this.controller !== controller) return;
        this.controller = undefined;
        this.change(4);
        this.dispatch(type);
        this.dispatch('loadend');
      };
      this.exchange(controller, body).then(
        () => end('load'),
        () => {
          this.status = 0;
          end(isTimeout ? 'timeout' : controller.signal.aborted ? 'abort' : 'error');
        },
      );
    }

    abort(): void {
      this.controller?.abort();
    }

    private abortSilently(): void {
      const { controller } = this;
      this.controller = undefined;
      controller?.abort();
    }

    private async exchange(
      controller: AbortController,
      body: Body | null | undefined,
    ): Promise<void> {
      const hasBody = body !== undefined && body !== null && !/^(?:GET|HEAD)$/i.test(this.method);
      const answer = await fetch(this.url, {
        method: this.method,
        headers: this.requestHeaders,
        signal: controller.signal,
        ...(hasBody && { body }),
      });
      this.status = answer.status;
      this.statusText = answer.statusText;
      this.responseURL = answer.url;
      this.responseHeaders = answer.headers;
      this.change(2);
      const bytes = await answer.arrayBuffer();
      this.change(3);
      this.dispatch('progress', {
        loaded: bytes.byteLength,
        total: bytes.byteLength,
        lengthComputable: true,
      });
      this.response = this.read(bytes, answer.headers.get('content-type') ?? '');
    }

    private read(bytes: ArrayBuffer, type: string): unknown {
      if (this.responseType === 'arraybuffer') return bytes;
      if (this.responseType === 'blob') return new Blob([bytes], { type });
      this.text = new TextDecoder().decode(bytes);
      if (this.responseType !== 'json') return this.text;
      try {
        return JSON.parse(this.text) as unknown;
      } catch {
        return null;
      }
    }

    private change(state: number): void {
      this.readyState = state;
      this.dispatch('readystatechange');
    }
  };
}
