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
 * @param isExpo whether by Expo's, which reads no file by its uri: `expo/src/winter/fetch/convertFormData.ts` of 52 to 58
 */
export const sendingForms =
  (real: typeof fetch, note: (text: string) => void, isExpo = false): typeof fetch =>
  (input, init) => {
    const body: unknown = init?.body;
    if (!(body instanceof PhoneFormData)) return real(input, init);
    if (isExpo && body.named !== '') {
      note(
        `A form could not be sent: its part ${body.named} is { uri, name, type }, which Expo's fetch does not read (from SDK 56 on it is the global one). ` +
          'Append new File(uri) of expo-file-system, or set EXPO_PUBLIC_USE_RN_FETCH=1.',
      );
      return Promise.reject(new Error('Unsupported FormDataPart implementation'));
    }
    if (body.problem !== '') {
      note(`A form could not be sent: ${body.problem}.`);
      return Promise.reject(new TypeError('Network request failed'));
    }
    const headers = new Headers(init?.headers);
    if (headers.get('content-type')?.includes('boundary=') !== true) headers.delete('content-type');
    return real(input, { ...init, headers });
  };
