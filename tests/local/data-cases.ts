/** Handlers that pack, keep and send data: formats, stores of state, files. */
import type { LocalCase } from './cases.ts';

const REACT = { 'react-native': '0.88.1', react: '19.3.1' };

const DATA = {
  ...REACT,
  protobufjs: '8.8.1',
  '@bufbuild/protobuf': '2.17.0',
  msgpackr: '2.1.4',
  '@msgpack/msgpack': '3.1.3',
  jotai: '3.0.1',
  valtio: '2.3.2',
  effect: '4.1.0',
  'date-fns-tz': '3.2.0',
  'date-fns': '4.4.0',
  'crypto-js': '4.2.0',
  buffer: '6.0.3',
  uuid: '14.0.3',
  axios: '1.21.1',
  'react-native-get-random-values': '2.0.0',
  '@react-native-async-storage/async-storage': '3.1.1',
  'react-native-fs': '2.20.0',
};

const EXPO = {
  ...REACT,
  expo: '58.0.26',
  'babel-preset-expo': '58.0.26',
  '@babel/core': '7.28.4',
  '@babel/runtime': '7.28.4',
  'expo-file-system': '58.0.14',
};

const PHOTO = `
      const path = RNFS.DocumentDirectoryPath + '/p.jpg';
      await RNFS.writeFile(path, 'bytes');
      const uri = 'file://' + path;
      const form = () => { const made = new FormData(); made.append('photo', { uri, name: 'p.jpg', type: 'image/jpeg' } as any); return made; };
      const isRight = (text: string) => { if (!text.includes('filename="p.jpg"') || !text.includes('image/jpeg') || !text.includes('bytes')) throw new Error(text); };`;

export const DATA_CASES: readonly LocalCase[] = [
  {
    name: 'protobuf, MessagePack, CryptoJS, Buffer, time zones',
    documented:
      'protobufjs, @bufbuild/protobuf, msgpackr, @msgpack/msgpack, crypto-js, buffer, date-fns-tz, effect, valtio',
    packages: DATA,
    top: `
      import 'react-native-get-random-values';
      import protobuf from 'protobufjs';
      import { fromBinary, toBinary } from '@bufbuild/protobuf';
      import { TimestampSchema, timestampFromDate } from '@bufbuild/protobuf/wkt';
      import { pack, unpack } from 'msgpackr';
      import { decode, encode } from '@msgpack/msgpack';
      import CryptoJS from 'crypto-js';
      import AES from 'crypto-js/aes';
      import { Buffer } from 'buffer';
      import { formatInTimeZone } from 'date-fns-tz';
      import { Effect } from 'effect';
      import { proxy, snapshot } from 'valtio';
      import { v7 } from 'uuid';
      (globalThis as any).Buffer = Buffer;`,
    body: `
      const post = async (body: unknown) => (await fetch(SERVER + '/echo', { method: 'POST', body: body as any })).arrayBuffer();
      const Note = protobuf.parse('syntax = "proto3"; message Note { string title = 1; int64 n = 2; }').root.lookupType('Note');
      const { title }: any = Note.decode(new Uint8Array(await post(Note.encode({ title: 'ä', n: 300 }).finish())));
      const { nanos } = fromBinary(TimestampSchema, toBinary(TimestampSchema, timestampFromDate(new Date(5))));
      const sent: any = decode(await post(encode({ list: [1, 'ä', new Uint8Array(2)] })));
      const state = proxy({ n: 2 });
      state.n += unpack(pack({ n: 1 })).n;
      const statuses = await Effect.runPromise(Effect.all([Effect.promise(() => fetch(SERVER)), Effect.promise(() => fetch(SERVER))], { concurrency: 2 }));
      const all = [
        title, nanos, sent.list.length, snapshot(state).n, statuses.length, CryptoJS.SHA256('a').toString().length, AES.encrypt('a', 'b').toString().length,
        (globalThis as any).Buffer.from('aä').toString('base64'), formatInTimeZone(new Date(0), 'America/New_York', 'HH:mm zzz'), v7().length,
      ].join();
      if (all !== 'ä,5000000,3,3,2,64,44,YcOk,19:00 EST,36') throw new Error(all);
      return 1;`,
    exit: 0,
    remaining: 1,
  },
  {
    name: 'jotai on AsyncStorage',
    documented: 'jotai',
    packages: DATA,
    top: `
      import AsyncStorage from '@react-native-async-storage/async-storage';
      import { createStore } from 'jotai';
      import { atomWithStorage, createJSONStorage } from 'jotai/utils';
      const store = createStore();
      const count = atomWithStorage('n', 0, createJSONStorage<number>(() => AsyncStorage as any), { getOnInit: true });`,
    body: `
      const before = await store.get(count);
      await store.set(count, before + 1);
      if (before === 0) await new Promise(() => {});
      return before;`,
    args: ['--kill-after', '600ms'],
    exit: 0,
    remaining: 1,
  },
  {
    name: 'photos, sent by fetch, axios and XMLHttpRequest, as forms and by their addresses',
    documented: 'photos by their uri: forms, bodies, fetch of file://',
    packages: DATA,
    top: "import axios from 'axios';\nimport RNFS from 'react-native-fs';",
    body: `${PHOTO}
      isRight(await (await fetch(SERVER + '/echo', { method: 'POST', body: form() })).text());
      isRight((await axios.post(SERVER + '/echo', form(), { headers: { 'Content-Type': 'multipart/form-data' }, responseType: 'text' })).data);
      const ask = (method: string, url: string, body: any, type: any = '') => new Promise<any>((done, fail) => { const request = new XMLHttpRequest(); request.open(method, url); request.responseType = type; request.onload = () => done(request.response); request.onerror = () => fail(new Error('net')); request.send(body); });
      isRight(await ask('POST', SERVER + '/echo', form()));
      const put = await (await fetch(SERVER + '/echo', { method: 'PUT', body: { uri } as any })).text();
      const blob: Blob = await ask('GET', uri, null, 'blob');
      const read = await (await fetch(uri)).blob();
      const again = await (await fetch(SERVER + '/echo', { method: 'PUT', body: read })).text();
      if ([put, blob.size, again].join() !== 'bytes,5,bytes') throw new Error([put, blob.size, again].join());
      return 1;`,
    exit: 0,
    remaining: 1,
  },
  {
    name: 'a photo of the library, which is not here',
    packages: DATA,
    body: "return (await (await fetch('ph://CC95F08C/L0/001')).blob()).size;",
    exit: 3,
    says: ['ph://CC95F08C/L0/001 is no file of the app here', 'src/background-sync.ts:4'],
  },
  {
    name: 'Expo: files as bodies, tasks of uploads, import.meta',
    documented: 'expo-file-system: uploads and downloads as tasks, a File as a body',
    packages: EXPO,
    top: `
      import { File, Paths } from 'expo-file-system';
      import * as Legacy from 'expo-file-system/legacy';
      import { fetch as expoFetch } from 'expo/fetch';
      const bundle: string = (import.meta as any).url;`,
    body: `
      const photo = new File(Paths.document, 'p.jpg');
      photo.write('bytes');
      const bodies = [
        await (await fetch(SERVER + '/echo', { method: 'PUT', body: photo as any })).text(),
        await (await expoFetch(SERVER + '/echo', { method: 'POST', body: photo as any })).text(),
        await (await fetch(photo.uri)).text(),
      ].join();
      const task = Legacy.createUploadTask(SERVER + '/echo', photo.uri, { httpMethod: 'POST', uploadType: Legacy.FileSystemUploadType.MULTIPART, fieldName: 'photo', parameters: { a: 'b' } });
      const answer = (await task.uploadAsync())!;
      if (!answer.body.includes('name="photo"') || !answer.body.includes('name="a"')) throw new Error(answer.body);
      const upload: any = (photo as any).createUploadTask(SERVER + '/echo', { httpMethod: 'PUT' });
      const download: any = (File as any).createDownloadTask(SERVER + '/notes.json', Paths.cache);
      const all = [bodies, (await upload.uploadAsync()).body, (await download.downloadAsync()).name, typeof bundle].join();
      if (all !== 'bytes,bytes,bytes,bytes,notes.json,string') throw new Error(all);
      return 1;`,
    exit: 0,
    remaining: 1,
  },
  {
    name: 'import.meta without Expo',
    packages: DATA,
    body: "return String((import.meta as any).env?.A ?? '').length;",
    exit: 2,
    says: ['src/background-sync.ts:4', 'Hermes has no import.meta'],
  },
  {
    name: 'Flow enums without Babel',
    packages: DATA,
    files: {
      'src/status.js':
        "// @flow\nexport enum Status { Active, Off }\nexport const status = (): number => (Status.Active === 'Active' ? 3 : 4);\n",
    },
    top: "import { status } from './status';",
    body: 'return status();',
    exit: 0,
    remaining: 3,
  },
  {
    name: 'a package of Node that metro.config.js puts another in the place of',
    documented: 'parse, its crypto put in place by metro.config.js',
    packages: {
      ...DATA,
      '@react-native/metro-config': '0.88.1',
      '@babel/core': '7.28.4',
      'react-native-reanimated': '4.8.0',
      'react-native-worklets': '0.14.0',
      '@react-native-async-storage/async-storage': '2.2.0',
      parse: '8.6.2',
    },
    files: {
      'metro.config.js': `
        const { getDefaultConfig, mergeConfig } = require('@react-native/metro-config');
        const { wrapWithReanimatedMetroConfig } = require('react-native-reanimated/metro-config');
        const path = require('path');
        const config = { resolver: { extraNodeModules: { crypto: path.join(__dirname, 'src/crypto') } } };
        module.exports = wrapWithReanimatedMetroConfig(mergeConfig(getDefaultConfig(__dirname), config));`,
      'src/crypto.js': "exports.randomUUID = () => '00000000-0000-4000-8000-000000000000';",
    },
    top: `
      import AsyncStorage from '@react-native-async-storage/async-storage';
      import Parse from 'parse/react-native';
      Parse.setAsyncStorage(AsyncStorage as any);
      Parse.initialize('app', 'js');`,
    body: `
      const note = new Parse.Object('Note');
      note.set('title', 'ab');
      if ((await Parse.User.currentAsync()) !== null) throw new Error('a user');
      return note.get('title').length;`,
    exit: 0,
    remaining: 2,
  },
];
