import assert from 'node:assert/strict';

const ITEM = 1100;
const CLOSING = 20;
const ENTRY = 'package:app/background_sync.dart backgroundSyncMain';

/** The app is opened, arms its schedule, and is left with so many items. */
async function start(device, items) {
  device.queue.items = items;
  await device.open();
  await device.until('register');
  await device.isScheduled(true);
  await device.leave();
}

/** The run with this number has ended so. */
async function endsAs(device, count, expected) {
  const end = await device.until('run.end', count);
  assert.deepEqual({ out: end.out, rem: end.rem, why: end.why }, { why: undefined, ...expected });
  return end;
}

/** A moment after the end of a run its engine has gone, and with it all that ran there. */
async function engineGoes(device) {
  await device.pass(5000);
  assert.equal((await device.look()).engines, 0, 'the engine of the run has gone');
}

/** @type {{ name: string, run: (device: any) => Promise<void> }[]} */
export const DART_SCENARIOS = [
  {
    name: 'a whole night, locked: a drain of 50 items, and a second window of a process that the system starts',
    run: async (device) => {
      await start(device, 50);
      await device.nextWindow();
      const begun = await device.until('run.start');
      await device.pass(50 * ITEM + 500);
      const end = await endsAs(device, 1, { out: 'done', rem: 0 });
      assert.equal(end.msg, '50 "sent"\n — ✓');
      await device.heard('success');
      assert.deepEqual(device.entries, [ENTRY]);
      const [{ window, sent }] = device.queue.windows;
      assert.equal(sent, 50);
      assert.equal(window.runId, begun.run);
      assert.equal(window.taskId, begun.task);
      assert.deepEqual(
        [window.locked, window.reason, window.attempt, window.connected],
        [true, 'os', 1, true],
      );
      assert.equal(window.percent, begun.env.bat ?? -1);
      assert.ok(window.deadline > begun.ts, 'the deadline is in the future');
      assert.deepEqual(
        (await device.events('progress')).map(({ n, of }) => [n, of]),
        Array.from({ length: 50 }, (_, index) => [index + 1, 50]),
      );
      // The policy of a queue that is empty: the plain interval.
      assert.ok(Math.abs(end.next - end.ts - 3_600_000) < 2000, `next in ${end.next - end.ts} ms`);
      await engineGoes(device);

      await device.kill();
      device.queue.items = 3;
      await device.nextWindow();
      await device.pass(3 * ITEM + 500);
      await endsAs(device, 2, { out: 'done', rem: 0 });
      assert.equal(device.queue.windows[1].sent, 3);
      assert.equal(device.queue.windows[1].window.attempt, 1);
      await device.heard('success', 'success');
      await engineGoes(device);
      assert.equal((await device.look()).mostEngines, 1, 'one engine at a time');
      // Told in the engine of a run: of the first at the latest in the second.
      const told = device.told.map(({ runId }) => runId);
      assert.equal(told[0], begun.run);
      assert.equal(new Set(told).size, told.length, `told twice: ${told.join()}`);
      assert.deepEqual(
        { ...device.told[0], runId: '' },
        {
          runId: '',
          taskId: begun.task,
          reason: 'os',
          outcome: 'done',
          why: null,
          remaining: 0,
          attempt: 1,
        },
      );

      await device.open();
      const status = await device.app('getStatus');
      assert.deepEqual(
        [status.scheduled, status.lastRun, status.consecutiveFailures, status.openRun],
        [true, 'done', 0, null],
      );
      assert.deepEqual(await device.app('getHistory', 1000), await device.events());
      assert.equal((await device.app('getHistory', 2)).length, 2);
    },
  },
  {
    name: 'the window closes in mid-item: the handler needs 20 ms, and is heard before its engine goes',
    run: async (device) => {
      await start(device, 9);
      await device.nextWindow();
      await device.pass(4 * ITEM + 300);
      // What the rest needs is more than the window has.
      device.queue.items += 1000;
      await device.expire();
      const left = device.queue.items;
      const [seen] = device.queue.windows;
      assert.equal(seen.expired, true, 'the window is closed for Dart');
      assert.equal(seen.settled, false);
      await device.pass(CLOSING);
      assert.equal(seen.settled, true, 'the handler has closed in its window');
      await endsAs(device, 1, { out: 'expired', rem: left, why: device.expiry.why });
      assert.equal((await device.events('late')).length, 0);
      await device.heard('failure');
      await device.sleep();

      device.queue.items = 2;
      await device.nextWindow();
      await device.pass(2 * ITEM + 500);
      await endsAs(device, 2, { out: 'done', rem: 0 });
      assert.equal(device.queue.windows[1].window.attempt, 2);
      assert.equal(device.queue.windows[1].expired, false);
      assert.equal(device.queue.atOnce, 1);
      await device.heard('failure', 'success');
      assert.equal(device.told[0].outcome, 'expired');
    },
  },
  {
    name: 'a drain that ignores its window: it ends with its engine, and the next window has a Dart of its own',
    run: async (device) => {
      device.queue.act = 'ignore';
      await start(device, 4);
      await device.nextWindow();
      await device.pass(ITEM);
      await device.expire();
      await device.pass(device.expiry.grace);
      await endsAs(device, 1, { out: 'expired', rem: undefined, why: device.expiry.why });
      await device.heard('failure');
      await engineGoes(device).catch(async (error) => {
        if (!device.isSuspended) throw error;
      });
      const [{ settled }] = device.queue.windows;
      assert.equal(settled, false);

      device.queue.act = 'drain';
      device.queue.open.clear();
      await device.nextWindow();
      await device.pass(4 * ITEM + 500);
      await endsAs(device, 2, { out: 'done', rem: 0 });
      assert.deepEqual(device.entries, [ENTRY, ENTRY]);
      assert.equal(device.queue.windows[1].sent, 4);
      assert.equal((await device.look()).mostEngines, 2, 'that of the app, and one more');
      assert.equal((await device.events('late')).length, 0, 'nobody is left to answer late');
      await device.heard('failure', 'success');
    },
  },
  {
    name: 'what drainQueue answers and throws: failed, a throw, and a server that says when',
    run: async (device) => {
      await start(device, 7);
      device.queue.act = 'failed';
      await device.nextWindow();
      await device.pass(1000);
      const failed = await endsAs(device, 1, { out: 'failed', rem: 7 });
      assert.equal(failed.msg, 'signed out');
      assert.ok(Math.abs(failed.next - failed.ts - 3_600_000) < 2000, 'the plain interval');
      await device.pass(5000);

      device.queue.act = 'throw';
      await device.nextWindow();
      await device.pass(1000);
      const thrown = await endsAs(device, 2, { out: 'retry', rem: undefined });
      assert.match(thrown.msg, /no "server"\n — ✗/);
      await device.pass(5000);

      device.queue.act = 'retryAfter';
      await device.nextWindow();
      await device.pass(1000);
      const asked = await endsAs(device, 3, { out: 'retry', rem: 7 });
      const wait = asked.next - asked.ts;
      assert.ok(Math.abs(wait - 3 * 3_600_000) < 5000, `the server's word: next in ${wait} ms`);
      await device.pass(5000);

      device.queue.act = 'drain';
      await device.nextWindow();
      assert.equal(device.queue.windows[3].window.attempt, 4);
      await device.pass(7 * ITEM + 500);
      await endsAs(device, 4, { out: 'done', rem: 0 });
      await device.open();
      assert.equal((await device.app('getStatus')).consecutiveFailures, 0);
    },
  },
  {
    name: 'cancel in mid-run, restart: no run, until the app registers again',
    run: async (device) => {
      await start(device, 100);
      await device.nextWindow();
      await device.pass(2 * ITEM + 300);
      void device.starts('cancel');
      await device.settle();
      assert.equal(device.queue.windows[0].expired, true);
      await device.pass(CLOSING);
      await device.until('run.end');
      await device.until('cancel');
      assert.equal((await device.events('expire'))[0].why, 'cancelled');
      await device.isScheduled(false);

      await device.kill();
      device.now += 3_600_000;
      await device.open();
      await device.pass(1000);
      await device.app('scheduleNext', 900);
      await device.pass(1000);
      await device.isScheduled(false);
      assert.equal((await device.app('getStatus')).scheduled, false);
      await device.leave();
      await device.pass(2 * 86_400_000);
      assert.equal((await device.events('run.start')).length, 1, 'no run');

      // The app's own drain is the user's wish, and the schedule is the app's word.
      await device.open();
      device.queue.items = 1;
      const drained = device.starts('drainNow');
      await device.until('js.start', 2);
      await device.pass(ITEM + 500);
      assert.deepEqual(await device.ask(drained), { outcome: 'done', remaining: 0 });
      assert.equal(device.queue.windows[1].window.reason, 'foreground');
      await device.isScheduled(false);
      await device.app('register');
      await device.pass(1000);
      await device.isScheduled(true);
      await device.leave();
      device.queue.items = 1;
      await device.nextWindow();
      await device.pass(ITEM + 500);
      await endsAs(device, 3, { out: 'done', rem: 0 });
    },
  },
  {
    name: 'the app drains and a window comes, and the other way round: one run, and each is answered',
    run: async (device) => {
      await start(device, 8);
      await device.untilDue();
      await device.open();
      const first = device.starts('drainNow');
      await device.until('js.start');
      await device.nextWindow();
      const second = device.starts('drainNow');
      await device.pass(8 * ITEM + 500);
      assert.deepEqual(await device.ask(first), { outcome: 'done', remaining: 0 });
      assert.deepEqual(await device.ask(second), { outcome: 'skipped', remaining: -1 });
      assert.equal((await device.events('run.start')).length, 1);
      assert.ok((await device.events('run.skip')).every(({ why }) => why === 'busy'));
      await device.heard('success');

      await device.leave();
      device.queue.items = 3;
      await device.nextWindow();
      const third = device.starts('drainNow');
      await device.pass(3 * ITEM + 500);
      assert.deepEqual(await device.ask(third), { outcome: 'skipped', remaining: -1 });
      assert.equal(device.queue.atOnce, 1);
      await endsAs(device, 2, { out: 'done', rem: 0 });
      await device.heard('success', 'success');
    },
  },
  {
    name: 'the app is closed in the middle of its drain: the run ends with its engine',
    run: async (device) => {
      await start(device, 5);
      await device.open();
      void device.starts('drainNow');
      await device.until('js.start');
      await device.pass(2 * ITEM + 300);
      await device.closeApp();
      await endsAs(device, 1, { out: 'retry', rem: undefined, why: 'js-gone' });
      await device.pass(60_000);
      assert.equal(device.queue.windows[0].sent, 2, 'of its Dart nothing runs');
      device.queue.open.clear();
      await device.leave();
      await device.nextWindow();
      await device.pass(3 * ITEM + 500);
      await endsAs(device, 2, { out: 'done', rem: 0 });
    },
  },
  {
    name: 'what the app sets, by its own values: the next window, the interval, the constraints, over restarts',
    run: async (device) => {
      await start(device, 0);
      await device.open();
      await device.app('scheduleNext', 5400);
      const { next } = await device.app('getStatus');
      assert.ok(Math.abs(next - device.now - 5_400_000) < 5000, `next in ${next - device.now} ms`);
      const set = { intervalMinutes: 120, network: 'none', batteryNotLow: true };
      assert.equal(await device.app('configure', set), true);
      await device.leave();
      await device.kill();
      await device.open();
      const kept = await device.app('getStatus');
      assert.equal(kept.intervalMinutes, 120);
      assert.deepEqual(kept.constraints, ['batteryNotLow']);
      assert.equal(await device.app('configure', null), true);
      const own = await device.app('getStatus');
      assert.equal(own.intervalMinutes, 60);
      assert.deepEqual(own.constraints, ['any']);
    },
  },
  {
    name: 'two syncs, due at once: each drains its own queue in an engine of its own, one after the other, and onRun hears of all of them once',
    photos: true,
    run: async (device) => {
      const { queue, photos } = device;
      photos.items = 3;
      // The plugin arms both: the app has asked for nothing.
      await start(device, 4);
      await device.until('register', 2);
      await device.open();
      await device.app('scheduleNext', 1800);
      await device.app('scheduleNext', 1800, 'photos');
      // What one sync needs is no matter of the other's.
      const set = { network: 'none', batteryNotLow: true };
      assert.equal(await device.app('configure', set, 'photos'), true);
      await device.leave();

      await device.allWindows();
      await device.pass(10 * ITEM + 5000);
      await device.until('run.end', 2);
      assert.deepEqual(
        [queue, photos].map(({ items, windows }) => [
          items,
          windows.map(({ window, sent }) => [window.name, sent]),
        ]),
        [
          [0, [[null, 4]]],
          [0, [['photos', 3]]],
        ],
      );
      assert.equal(queue.atOnce, 1, 'two drains at once');
      assert.deepEqual(device.entries, [ENTRY, ENTRY]);
      const starts = await device.events('run.start');
      const ids = starts.map(({ task }) => task).sort();
      assert.equal(ids.length, 2);
      assert.equal(ids[1], `${ids[0]}.photos`);
      for (const { windows } of [queue, photos]) {
        const [{ window }] = windows;
        assert.equal(starts.find(({ run }) => run === window.runId).task, window.taskId);
      }
      assert.deepEqual(
        (await device.events('run.end')).map(({ out }) => out),
        ['done', 'done'],
      );
      await engineGoes(device);

      // The process dies in the drain of one of the two, whichever has begun.
      for (const one of [queue, photos]) Object.assign(one, { items: 5, windows: [] });
      await device.open();
      await device.app('scheduleNext', 1800);
      await device.app('scheduleNext', 1800, 'photos');
      await device.leave();
      await device.allWindows();
      await device.pass(ITEM + 300);
      const dead = queue.windows.length > 0 ? '' : 'photos';
      assert.equal(queue.windows.length + photos.windows.length, 1);
      await device.kill();
      await device.open();
      const failures = async (sync) =>
        (await device.app('getStatus', null, sync)).consecutiveFailures;
      assert.equal(await failures(dead), 1);
      assert.equal(await failures(dead === '' ? 'photos' : ''), 0);
      // Kept over the restart, of that sync alone.
      const needs = async (sync) => (await device.app('getStatus', null, sync)).constraints;
      assert.deepEqual([await needs('photos'), await needs('')], [['batteryNotLow'], ['any']]);
      await device.leave();

      // The next window of either tells of it, once. On Android that of the run that died comes again at once.
      await device.pass(12 * ITEM);
      if (!device.told.some(({ outcome }) => outcome === 'killed')) await device.allWindows();
      await device.pass(12 * ITEM);
      const killed = device.told.filter(({ outcome }) => outcome === 'killed');
      assert.deepEqual(
        killed.map(({ name = '' }) => name),
        [dead],
      );
      const told = device.told.map(({ runId }) => runId);
      assert.equal(new Set(told).size, told.length, `told twice: ${told.join()}`);
    },
  },
];
