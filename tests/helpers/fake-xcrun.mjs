#!/usr/bin/env node
/**
 * A scripted xcrun: answers with recorded shapes, as far as bgsync asks. What it proves is our side only; nothing here
 * was compared with a Mac. Its scenario is `scenario.json` in the folder FAKE_XCRUN; `log.ndjson` there is the log.
 */
import { appendFileSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.FAKE_XCRUN;
const scenario = JSON.parse(readFileSync(join(folder, 'scenario.json'), 'utf8'));
const args = process.argv.slice(2);
const line = args.join(' ');
const log = join(folder, 'log.ndjson');
appendFileSync(join(folder, 'calls'), `${JSON.stringify(args)}\n`);

const end = (code, out = '', err = '') => {
  process.stdout.write(out);
  process.stderr.write(err);
  process.exitCode = code;
};

let seq = 0;
const event = (fields) =>
  `BGSYNC1 ${JSON.stringify({ v: 1, seq: ++seq, ts: Date.now(), plat: 'ios', pid: 77, ...fields })}`;
const ndjson = (eventMessage) =>
  `${JSON.stringify({ traceID: 1, eventMessage, subsystem: 'dev.bgsync', category: 'BackgroundSync', timestamp: '2026-11-23 21:00:00.000000+0000' })}\n`;
/** The number of a sync's name, as BackgroundSyncDebug.swift reckons it. */
const numberOf = (name) =>
  [...Buffer.from(name)].reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7) + 1;
/** The further syncs of this build, each with its status. */
const tasks = Object.entries(scenario.tasks ?? {});
const idOf = (name) => (name === '' ? 'dev.bgsync.processing' : `dev.bgsync.processing.${name}`);
const has = (name) => name === '' || tasks.some(([one]) => one === name);
const statusOf = (name) =>
  name === '' ? scenario.status : tasks.find(([one]) => one === name)?.[1];
/** By its number; undefined where the build has none of it. */
const nameOf = (number) =>
  number === 0n
    ? ''
    : tasks.map(([name]) => name).find((name) => BigInt(numberOf(name)) === number);
const runOf = (run, name = '') =>
  [
    { ev: 'ack', run },
    ...(scenario.skip === undefined ? [] : [{ ev: 'run.skip', run, ...scenario.skip }]),
    ...(scenario.starts === false || scenario.skip !== undefined
      ? []
      : [
          { ev: 'run.start', run, task: idOf(name), trig: 'trigger', att: 1 },
          { ev: 'run.end', run, ...scenario.end },
        ]),
  ]
    .filter(({ ev }) => ev !== 'run.end' || scenario.end !== undefined)
    .map(event);
const write = (lines) => {
  for (const one of lines)
    appendFileSync(log, ndjson(scenario.isRedacted ? 'BGSYNC1 <private>' : one));
};

if (scenario.fail !== undefined) end(scenario.fail.code, '', scenario.fail.stderr);
else if (line.startsWith('simctl list devices')) end(0, JSON.stringify(scenario.simctl));
else if (line.startsWith('devicectl list devices')) {
  writeFileSync(args[args.indexOf('--json-output') + 1], JSON.stringify(scenario.devicectl ?? {}));
} else if (line.startsWith('simctl get_app_container')) {
  if (scenario.isInstalled === false) {
    end(
      2,
      '',
      'An error was encountered processing the command (domain=NSPOSIXErrorDomain, code=2):\nNo such file or directory\n',
    );
  } else end(0, `${folder}\n`);
} else if (/^simctl spawn \S+ log stream/.test(line)) {
  process.stderr.write('getpwuid_r did not find a match for uid 501\n');
  process.stdout.write('Filtering the log data using "subsystem == "dev.bgsync""\n');
  let at = existsSync(log) ? readFileSync(log).length : 0;
  setInterval(() => {
    const bytes = existsSync(log) ? readFileSync(log) : Buffer.alloc(0);
    if (bytes.length > at) process.stdout.write(bytes.subarray(at));
    at = Math.max(at, bytes.length);
  }, 20);
} else if (/^simctl spawn \S+ log show/.test(line)) {
  end(0, `${existsSync(log) ? readFileSync(log, 'utf8') : ''}{"count":1,"finished":1}\n`);
} else if (line.startsWith('simctl launch')) {
  const run = process.env.SIMCTL_CHILD_BGSYNC_RUN;
  const task = process.env.SIMCTL_CHILD_BGSYNC_TASK ?? '';
  if (run !== undefined && scenario.answersRelaunch && has(task)) write(runOf(run, task));
  end(0, `${args.at(-1)}: 4711\n`);
} else if (/^simctl spawn \S+ notifyutil/.test(line)) {
  const [name, state] = args.slice(args.indexOf('-s') + 1);
  const isTrigger = name.endsWith('.trigger');
  const above = isTrigger ? BigInt(state) / 36n ** 8n : BigInt(state) * 2n;
  const task = nameOf(above / 2n);
  // A hook that does not have the sync says nothing.
  if (task !== undefined && scenario.answersNotification && isTrigger) {
    write(runOf((BigInt(state) % 36n ** 8n).toString(36).padStart(8, '0'), task));
  } else if (task !== undefined && !isTrigger && statusOf(task) !== undefined) {
    write([event({ ev: 'ack', why: 'status', msg: JSON.stringify(statusOf(task)) })]);
  }
} else if (line.startsWith('devicectl device process launch')) {
  const env = JSON.parse(args[args.indexOf('--environment-variables') + 1]);
  process.stdout.write(
    '10:04:12  Acquired tunnel connection to device.\nLaunched application with com.example.app bundle identifier.\n',
  );
  const task = env.BGSYNC_TASK ?? '';
  for (const one of has(task) ? runOf(env.BGSYNC_RUN, task) : [])
    process.stdout.write(`2026-11-23 21:00:00.1 App[77:1] [dev.bgsync] ${one}\n`);
  setInterval(() => undefined, 1000);
} else if (line.startsWith('devicectl device notification post')) {
  const [, kind, task = ''] = /\.bgsync\.(trigger|status)(?:\.([\w-]+))?$/.exec(args.at(-1));
  if (scenario.answersNotification && has(task)) {
    const ack =
      kind === 'trigger'
        ? { ev: 'ack', run: 'ownrun01', trig: 'trigger' }
        : { ev: 'ack', why: 'status', msg: JSON.stringify(statusOf(task)) };
    appendFileSync(join(folder, 'ring.log'), `${event(ack)}\n`);
  }
} else if (line.startsWith('devicectl device copy from')) {
  copyFileSync(join(folder, 'ring.log'), args[args.indexOf('--destination') + 1]);
} else end(64, '', `xcrun: error: the script does not know: ${line}\n`);
