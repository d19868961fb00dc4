import { readFileSync } from 'node:fs';

/** What a part of a form may be on a phone besides a text and a Blob. */
interface FilePart {
  readonly uri?: unknown;
  readonly name?: unknown;
  readonly type?: unknown;
}

/** A File of expo-file-system, which is no Blob. */
const isFile = (value: object): value is Pick<Blob, 'arrayBuffer' | 'type'> =>
  'arrayBuffer' in value && 'type' in value;

/** What of the app's files goes out, and comes in, by requests. */
export interface Files {
  /**
   * React Native's FormData, whose parts may be files of the app, `{ uri, name, type }`: its native half sends their bytes.
   * https://github.com/facebook/react-native/blob/v0.81.0/packages/react-native/Libraries/Network/FormData.js
   */
  readonly FormData: typeof FormData;
  /**
   * Sends forms and files as React Native's native half does: a form that has a part which is no file fails, and where the
   * app names its type without a boundary, that is added. Reads files by their addresses, too.
   *
   * @param isExpo whether as Expo's, which reads no file by its uri in a body, and those of expo-file-system:
   *   `expo/src/winter/fetch/convertFormData.ts` and `RequestUtils.ts` of 52 to 58
   */
  readonly sending: (real: typeof fetch, isExpo?: boolean) => typeof fetch;
}

/**
 * @param pathOf where a file is that a uri names, absolute; throws for one that is not the app's
 * @param note told why a request fails
 */
export function createFiles(pathOf: (uri: string) => string, note: (text: string) => void): Files {
  const read = (uri: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(pathOf(uri)));

  class PhoneFormData extends FormData {
    /** Why a phone could not send it; empty where it can. */
    problem = '';
    /** The part that names a file, and has not its bytes; empty where none does. */
    named = '';

    override append(name: string, value: unknown): void {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        super.append(name, String(value));
      } else if (value instanceof Blob) super.append(name, value);
      else this.appendFile(name, value);
    }

    private appendFile(field: string, part: FilePart): void {
      const { uri, name, type } = part;
      // A File of expo-file-system has both.
      if (!('bytes' in part)) this.named ||= field;
      if (typeof uri !== 'string') {
        this.problem = `its part ${field} is an object without a uri: JSON.stringify it`;
        return;
      }
      try {
        const file = new Blob([read(uri)], typeof type === 'string' ? { type } : {});
        super.append(field, file, typeof name === 'string' ? name : 'blob');
      } catch (error) {
        this.problem = `its part ${field} is no file of the app here: ${(error as Error).message}`;
      }
    }
  }

  const fail = (text: string): never => {
    note(text);
    throw new TypeError('Network request failed');
  };
  const readOr = (uri: string): Uint8Array<ArrayBuffer> => {
    try {
      return read(uri);
    } catch (error) {
      return fail(`${uri} is no file of the app here: ${(error as Error).message}.`);
    }
  };

  const sending: Files['sending'] =
    (real, isExpo = false) =>
    async (input, init) => {
      // As `BlobModule.kt` and `RCTFileRequestHandler.mm` do, and Expo's `OkHttpFileUrlInterceptor.kt`.
      const url = input instanceof Request ? input.url : String(input);
      if (/^(?:file|content|ph|assets-library):/i.test(url)) return new Response(readOr(url));
      const body: unknown = init?.body;
      const headers = new Headers(init?.headers);
      if (!(body instanceof PhoneFormData)) {
        if (typeof body !== 'object' || body === null || body instanceof Blob)
          return real(input, init);
        if (isExpo && isFile(body)) {
          if (!headers.has('content-type')) headers.set('content-type', body.type);
          return real(input, { ...init, headers, body: await body.arrayBuffer() });
        }
        // `Libraries/Network/convertRequestBody.js` lets it through to the native half.
        const { uri } = body as FilePart;
        if (isExpo || typeof uri !== 'string') return real(input, init);
        return real(input, { ...init, body: readOr(uri) });
      }
      if (isExpo && body.named !== '') {
        note(
          `A form could not be sent: its part ${body.named} is { uri, name, type }, which Expo's fetch does not read (from SDK 56 on it is the global one). ` +
            'Append new File(uri) of expo-file-system, or set EXPO_PUBLIC_USE_RN_FETCH=1.',
        );
        throw new Error('Unsupported FormDataPart implementation');
      }
      if (body.problem !== '') return fail(`A form could not be sent: ${body.problem}.`);
      if (headers.get('content-type')?.includes('boundary=') !== true)
        headers.delete('content-type');
      return real(input, { ...init, headers });
    };

  return { FormData: PhoneFormData, sending };
}
