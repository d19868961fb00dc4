import { readFileSync } from 'node:fs';

/** What a part of a form may be on a phone besides a text and a Blob. */
interface FilePart {
  readonly uri?: unknown;
  readonly name?: unknown;
  readonly type?: unknown;
}

/**
 * React Native's FormData, whose parts may be files of the app, `{ uri, name, type }`: its native half sends their bytes.
 * https://github.com/facebook/react-native/blob/v0.81.0/packages/react-native/Libraries/Network/FormData.js
 */
export class PhoneFormData extends FormData {
  /** Where a file is that a uri names, absolute; throws for one that is not the app's. */
  static pathOf: (uri: string) => string = (uri) => uri;

  /** Why a phone could not send it; empty where it can. */
  problem = '';

  override append(name: string, value: unknown): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      super.append(name, String(value));
    } else if (value instanceof Blob) super.append(name, value);
    else this.appendFile(name, value);
  }

  private appendFile(field: string, { uri, name, type }: FilePart): void {
    if (typeof uri !== 'string') {
      this.problem = `its part ${field} is an object without a uri: JSON.stringify it`;
      return;
    }
    try {
      const bytes = new Uint8Array(readFileSync(PhoneFormData.pathOf(uri)));
      const file = new Blob([bytes], typeof type === 'string' ? { type } : {});
      super.append(field, file, typeof name === 'string' ? name : 'blob');
    } catch (error) {
      this.problem = `its part ${field} is no file of the app here: ${(error as Error).message}`;
    }
  }
}

/**
 * Sends forms as React Native's native half does: one that has a part which is no file fails, and where the app names their
 * type without a boundary, that is added.
 *
 * @param note told why one fails
 */
export const sendingForms =
  (real: typeof fetch, note: (text: string) => void): typeof fetch =>
  (input, init) => {
    const body: unknown = init?.body;
    if (!(body instanceof PhoneFormData)) return real(input, init);
    if (body.problem !== '') {
      note(`A form could not be sent: ${body.problem}.`);
      return Promise.reject(new TypeError('Network request failed'));
    }
    const headers = new Headers(init?.headers);
    if (headers.get('content-type')?.includes('boundary=') !== true) headers.delete('content-type');
    return real(input, { ...init, headers });
  };
