import { createHash, randomFillSync, randomUUID } from 'node:crypto';
import { Buffer } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StandIn } from './stand-in.ts';

/** @returns what is in a file of JSON; nothing where it cannot be read */
export const readJson = (file: string): Record<string, unknown> => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
};

/** https://docs.expo.dev/versions/latest/sdk/constants/: what a static app.json says. */
export const constants: StandIn = {
  packageName: 'expo-constants',
  keeps: 'app.json',
  expo: {
    ExponentConstants({ root, platform }) {
      const file = ['app.json', 'app.config.json'].map((name) => join(root, name)).find(existsSync);
      const config = file === undefined ? {} : readJson(file);
      return {
        manifest: JSON.stringify(config.expo ?? config),
        executionEnvironment: 'bare',
        appOwnership: null,
        debugMode: true,
        deviceName: 'bgsync',
        isHeadless: true,
        sessionId: randomUUID(),
        statusBarHeight: 0,
        systemFonts: [],
        platform: { [platform]: {} },
        getWebViewUserAgentAsync: () => Promise.resolve(null),
      };
    },
  },
};

const digest = (algorithm: string, data: string | Uint8Array, encoding: 'hex' | 'base64'): string =>
  createHash(algorithm.replace('-', '').toLowerCase()).update(data).digest(encoding);

/** A function, since the package extends nothing of it and only calls it with `new`. */
function NoAes(): never {
  throw new Error('AES of expo-crypto does not exist in the local runner');
}

/** https://docs.expo.dev/versions/latest/sdk/crypto/ */
export const crypto: StandIn = {
  packageName: 'expo-crypto',
  keeps: 'nothing',
  expo: {
    ExpoCrypto: () => ({
      getRandomValues: (array: Uint8Array) => randomFillSync(array),
      randomUUID: () => randomUUID(),
      digestString: (name: string, data: string, options?: { encoding?: string }) =>
        digest(name, data, options?.encoding === 'base64' ? 'base64' : 'hex'),
      digestStringAsync: (name: string, data: string, options?: { encoding?: string }) =>
        Promise.resolve(digest(name, data, options?.encoding === 'base64' ? 'base64' : 'hex')),
      digestAsync: (name: string, data: ArrayBuffer) => {
        const hex = digest(name, new Uint8Array(data), 'hex');
        return Promise.resolve(Uint8Array.from(Buffer.from(hex, 'hex')).buffer);
      },
      digest(name: string, output: Uint8Array, data: ArrayBuffer) {
        output.set(Buffer.from(digest(name, new Uint8Array(data), 'hex'), 'hex'));
      },
    }),
    ExpoCryptoAES: () => ({ EncryptionKey: NoAes, SealedData: NoAes }),
  },
};

/** https://github.com/LinusU/react-native-get-random-values */
export const randomValues: StandIn = {
  packageName: 'react-native-get-random-values',
  keeps: 'nothing',
  turbo: {
    RNGetRandomValues: () => ({
      getRandomBase64: (length: number) =>
        randomFillSync(Buffer.alloc(Math.max(0, Math.floor(length)))).toString('base64'),
    }),
  },
};
