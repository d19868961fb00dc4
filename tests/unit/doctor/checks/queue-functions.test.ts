/** What the app hands to bgsync's queue runs in the background as well as a drain of its own: the checks of J look into it. */
import { BASES } from '../../../helpers/doctor-bases.ts';
import { describeCheck } from '../../../helpers/doctor-case.ts';
import type { Files } from '../../../helpers/doctor-case.ts';

const QUEUE = 'src/sync-queue.ts';
const TEXT = BASES['bgsync-queue'][QUEUE] ?? '';
const REQUEST = '  const response = await fetch(';

/** @returns the file with one text for another, and the line of that in it */
function changed(from: string, to: string): { files: Files; at: string } {
  const offset = TEXT.indexOf(from);
  if (offset === -1) throw new Error(`${from} is not in ${QUEUE}`);
  const line = TEXT.slice(0, offset).split('\n').length;
  return { files: { [QUEUE]: TEXT.replace(from, to) }, at: `${QUEUE}:${line}` };
}

/** With these lines before the request of `send`. */
const inSend = (line: string) => changed(REQUEST, `  ${line}\n${REQUEST}`);

/** With this as what settles conflicts. */
const resolving = (text: string) => changed('  send,\n});', `  resolve: ${text},\n  send,\n});`);

describeCheck('J04', {
  base: 'bgsync-queue',
  triggers: {
    'a pause in send': inSend('await new Promise((done) => setTimeout(done, 500));'),
    'a pause in resolve': resolving(
      "async () => { await new Promise((done) => setTimeout(done, 9)); return 'reject'; }",
    ),
  },
  near: { 'a timer that aborts': inSend('setTimeout(() => controller.abort(), 9000);').files },
});

describeCheck('J06', {
  base: 'bgsync-queue',
  triggers: {
    'send never reads its signal': {
      files: { [QUEUE]: TEXT.replace('    signal,\n', '').replace('fetch(', 'client.request(') },
      at: `${QUEUE}:${TEXT.slice(0, TEXT.indexOf('async function send')).split('\n').length}`,
      message: 'send never reads the signal of its window',
    },
  },
  near: { 'it hands it on': changed('fetch(', 'client.request(').files },
});

describeCheck('J07', {
  base: 'bgsync-queue',
  triggers: {
    'send waits for the foreground': inSend(
      "if (AppState.currentState !== 'active') return { status: 'retry' };",
    ),
  },
  near: {},
});

describeCheck('J15', {
  base: 'bgsync-queue',
  triggers: {
    'a second request without it': inSend('if (!signal.aborted) await fetch(`/${mutation.kind}`);'),
  },
  near: {
    'resolve is handed no signal': resolving(
      "async () => ((await fetch('/ask')).ok ? 'reject' : 'remote-wins')",
    ).files,
  },
});

describeCheck('J18', {
  base: 'bgsync-queue',
  triggers: {
    'a request that send does not wait for': {
      ...inSend('fetch("/seen", { signal });'),
      message: 'send ends before its work is done',
    },
  },
  near: {},
});

describeCheck('J25', {
  base: 'bgsync-queue',
  triggers: { 'what Hermes has not': inSend('log(Object.groupBy([mutation], String));') },
  near: {},
});

describeCheck('I22', {
  base: 'bgsync-queue',
  triggers: {
    'a key for an unlocked device alone': {
      files: changed('AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY', 'WHEN_UNLOCKED').files,
      at: changed('await Keychain.setGenericPassword', '').at,
      message: 'cannot be read while the device is locked',
    },
  },
  near: {},
});
