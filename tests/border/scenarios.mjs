import assert from 'node:assert/strict';

const ITEM = 1100;
const CLOSING = 20;

/**
 * A queue on its way to a server: an item takes a good second, and a window that closes in mid-item is left after 20 ms.
 *
 * @param queue `{ items }`, what waits; each that was sent is gone
 * @returns the handler, which keeps what it saw of each window in `queue.windows`
 */
function draining(queue) {
  queue.windows = [];
  queue.atOnce = 0;
  let open = 0;
  return async (window, js) => {
    const seen = { window, sent: 0, settled: false };
    queue.windows.push(seen);
    queue.atOnce = Math.max(queue.atOnce, ++open);
    const total = queue.items;
    const aborted = new Promise((resolve) => window.signal.addEventListener('abort', resolve));
    while (queue.items > 0 && !window.signal.aborted) {
      await Promise.race([js.sleep(ITEM), aborted]);
      if (window.signal.aborted) break;
      queue.items--;
      seen.sent++;
      window.progress(seen.sent, total);
    }
    if (window.signal.aborted) await js.sleep(CLOSING);
    seen.settled = true;
    open--;
    return { remaining: queue.items, message: `${seen.sent} "sent"\n — ✓` };
  };
}

async function start(device, queue) {
  device.handler = draining(queue);
  await device.open();
  await device.until('register');
  await device.isScheduled(true);
  await device.leave();
}

/** The last run of the log ended so. */
async function endsAs(device, count, expected) {
  const end = await device.until('run.end', count);
  assert.deepEqual({ out: end.out, rem: end.rem, why: end.why }, { why: undefined, ...expected });
  return end;
}

/** @type {{ name: string, run: (device: any) => Promise<void> }[]} */
export const SCENARIOS = [
  {
    name: 'a whole night, locked: a drain of 50 items, and a second window of a process that the system starts',
    run: async (device) => {
      const queue = { items: 50 };
      await start(device, queue);
      await device.nextWindow();
      const startEvent = await device.until('run.start');
      assert.equal(startEvent.env.locked, 1);
      assert.equal(startEvent.att, 1);
      await device.pass(50 * ITEM + 500);
      const end = await endsAs(device, 1, { out: 'done', rem: 0 });
      await device.heard('success');
      const [{ window, sent }] = queue.windows;
      assert.equal(sent, 50);
      assert.equal(window.locked, true);
      assert.equal(window.reason, 'os');
      assert.equal(window.runId, startEvent.run);
      assert.equal(window.signal.aborted, false);
      const progress = await device.events('progress');
      assert.deepEqual(
        progress.map(({ n, of }) => [n, of]),
        Array.from({ length: 50 }, (_, index) => [index + 1, 50]),
      );
      // The policy of a queue that is empty: the plain interval.
      assert.ok(Math.abs(end.next - end.ts - 3_600_000) < 2000, `next in ${end.next - end.ts} ms`);

      await device.kill();
      queue.items = 3;
      await device.nextWindow();
      await device.pass(3 * ITEM + 500);
      await endsAs(device, 2, { out: 'done', rem: 0 });
      assert.equal(queue.windows[1].sent, 3);
      assert.equal(queue.windows[1].window.attempt, 1);
      await device.heard('success', 'success');

      await device.open();
      const bothTold = async () => (device.told.length >= 2 ? true : undefined);
      assert.equal(await device.eventually(bothTold), true, 'onRun hears of both runs');
      assert.deepEqual(
        device.told.map(({ outcome }) => outcome),
        ['done', 'done'],
      );
      const status = await device.ask(device.js.worker.getStatus());
      assert.equal(status.scheduled, true);
      assert.equal(status.lastRun.out, 'done');
      assert.equal(status.consecutiveFailures, 0);
      assert.equal(status.openRun, null);
      const lines = await device.events();
      assert.deepEqual(await device.ask(device.js.worker.getHistory(1000)), lines);
      // What the app sets is kept by native, over restarts.
      const { worker } = device.js;
      assert.equal(await device.ask(worker.configure({ intervalMinutes: 120 })), true);
      await device.leave();
      await device.kill();
      await device.open();
      const { intervalMinutes } = await device.ask(device.js.worker.getStatus());
      assert.equal(intervalMinutes, 120);
    },
  },
  {
    name: 'the window closes in mid-item: the handler needs 20 ms, and is heard before the process is suspended',
    run: async (device) => {
      const queue = { items: 9 };
      await start(device, queue);
      await device.nextWindow();
      await device.pass(4 * ITEM + 300);
      // What the rest needs is more than the window has.
      queue.items += 1000;
      await device.expire();
      const left = queue.items;
      assert.equal(queue.windows[0].window.signal.aborted, true, 'the signal is aborted');
      assert.equal(queue.windows[0].settled, false);
      await device.pass(CLOSING);
      assert.equal(queue.windows[0].settled, true, 'the handler has closed in its window');
      await endsAs(device, 1, { out: 'expired', rem: left, why: device.expiry.why });
      assert.equal((await device.events('late')).length, 0);
      await device.heard('failure');
      await device.sleep();

      queue.items = 2;
      await device.nextWindow();
      await device.pass(2 * ITEM + 500);
      await endsAs(device, 2, { out: 'done', rem: 0 });
      assert.equal(queue.windows[1].window.attempt, 2);
      assert.equal(queue.windows[1].window.signal.aborted, false);
      await device.heard('failure', 'success');
    },
  },
  {
    name: 'suspended between the expiry and the next window: JavaScript hears of both at once, and drains in the new one',
    run: async (device) => {
      const queue = { items: 1000 };
      await start(device, queue);
      await device.nextWindow();
      await device.pass(2 * ITEM + 300);
      // JavaScript is in a loop of its own when the window closes.
      device.js.block();
      await device.expire();
      await device.pass(device.expiry.grace);
      await endsAs(device, 1, { out: 'expired', rem: undefined, why: device.expiry.why });
      await device.heard('failure');
      assert.equal(queue.windows[0].window.signal.aborted, false, 'it has not heard');
      await device.sleep();

      queue.items = 2;
      await device.nextWindow();
      device.js.unblock();
      await device.pass(CLOSING + 2 * ITEM + 1000);
      await endsAs(device, 2, { out: 'done', rem: 0 });
      const [first, second] = queue.windows;
      assert.equal(first.window.signal.aborted, true);
      assert.equal(first.settled, true);
      assert.notEqual(second.window.runId, first.window.runId);
      assert.equal(second.window.signal.aborted, false, 'the abort is not that of the new window');
      assert.equal(second.sent, 2);
      assert.equal(queue.atOnce, 1, 'the old drain closes before the new one begins');
      assert.equal(second.window.attempt, 2);
      assert.deepEqual(
        (await device.events('late')).map(({ run }) => run),
        [first.window.runId],
      );
      await device.heard('failure', 'success');
    },
  },
  {
    name: 'a reload in mid-run: the run ends, and the next window is that of the new JavaScript',
    run: async (device) => {
      const queue = { items: 5 };
      await start(device, queue);
      await device.nextWindow();
      await device.pass(2 * ITEM + 300);
      const before = device.js;
      await device.unload();
      await device.load();
      await endsAs(device, 1, { out: 'retry', rem: undefined, why: 'js-gone' });
      await device.heard('failure');
      await device.pass(60_000);
      assert.equal(queue.windows[0].sent, 2, 'of the old JavaScript nothing runs');

      await device.nextWindow();
      await device.pass(3 * ITEM + 500);
      await endsAs(device, 2, { out: 'done', rem: 0 });
      assert.notEqual(device.js, before);
      assert.equal(queue.windows.length, 2);
      assert.equal(queue.windows[1].window.attempt, 2);
      await device.heard('failure', 'success');
    },
  },
  {
    name: 'cancel in mid-run, restart: no run, until the app registers again',
    run: async (device) => {
      const queue = { items: 100 };
      await start(device, queue);
      await device.nextWindow();
      await device.pass(2 * ITEM + 300);
      device.js.worker.cancel();
      await device.settle();
      assert.equal(queue.windows[0].window.signal.aborted, true);
      await device.pass(CLOSING);
      await device.until('run.end');
      await device.until('cancel');
      const cancelled = (await device.events()).findIndex(({ ev }) => ev === 'expire');
      assert.equal((await device.events('expire'))[0].why, 'cancelled');
      await device.isScheduled(false);

      await device.kill();
      device.now += 3_600_000;
      await device.open();
      await device.pass(1000);
      device.js.worker.scheduleNext(900);
      await device.pass(1000);
      await device.isScheduled(false);
      assert.equal((await device.ask(device.js.worker.getStatus())).scheduled, false);
      await device.leave();
      await device.pass(2 * 86_400_000);
      assert.equal((await device.events('run.start')).length, 1, 'no run');
      const since = (await device.events()).slice(cancelled);
      assert.deepEqual(
        since.filter(({ ev }) => ev === 'schedule' || ev === 'heal').map(({ ev }) => ev),
        [],
      );

      // The app's own drain is the user's wish, and the schedule is the app's word.
      await device.open();
      queue.items = 1;
      const drained = device.js.worker.drainNow();
      await device.until('js.start', 2);
      await device.pass(ITEM + 500);
      assert.deepEqual(await device.ask(drained), { outcome: 'done', remaining: 0 });
      await device.isScheduled(false);
      device.js.worker.register();
      await device.pass(1000);
      await device.isScheduled(true);
      await device.leave();
      queue.items = 1;
      await device.nextWindow();
      await device.pass(ITEM + 500);
      await endsAs(device, 3, { out: 'done', rem: 0 });
    },
  },
  {
    name: 'two windows and a foreground drain at once: one run, and each is answered',
    refresh: true,
    run: async (device) => {
      const queue = { items: 8 };
      await start(device, queue);
      await device.untilDue();
      await device.open();
      const first = device.js.worker.drainNow();
      await device.until('js.start');
      await device.twoWindows();
      const second = device.js.worker.drainNow();
      await device.pass(8 * ITEM + 500);
      const starts = await device.events('run.start');
      const ends = await device.events('run.end');
      assert.equal(queue.windows.filter(({ sent }) => sent > 0).length, 1, 'one drain sends');
      assert.equal(queue.windows[0].sent, 8);
      assert.equal(starts.length, ends.length);
      assert.deepEqual(await device.ask(first), { outcome: 'done', remaining: 0 });
      assert.deepEqual(await device.ask(second), { outcome: 'skipped', remaining: -1 });
      const skips = await device.events('run.skip');
      assert.ok(skips.length >= 2 && skips.every(({ why }) => why === 'busy'));
      assert.equal(starts.length, 1);
      await device.heard(...Array(device.heardOfTwo).fill('success'));

      // The other way round: the windows come first, and the app asks.
      await device.leave();
      queue.items = 3;
      await device.twoWindows();
      const third = device.js.worker.drainNow();
      await device.pass(3 * ITEM + 500);
      assert.deepEqual(await device.ask(third), { outcome: 'skipped', remaining: -1 });
      assert.equal(queue.atOnce, 1);
      await endsAs(device, 2, { out: 'done', rem: 0 });
      assert.equal((await device.events('run.start')).length, 2);
      await device.heard(...Array(2 * device.heardOfTwo).fill('success'));
    },
  },
  {
    name: 'two syncs, due at once: each drains its own queue, one after the other, and onRun hears of all of them once',
    photos: true,
    run: async (device) => {
      const notes = { items: 4 };
      const photos = { items: 3 };
      // One count of both: never two drains at once.
      let open = 0;
      const alone = (drain) => async (window, js) => {
        open++;
        assert.equal(open, 1, 'two drains at once');
        try {
          return await drain(window, js);
        } finally {
          open--;
        }
      };
      device.handler = alone(draining(notes));
      device.photosHandler = alone(draining(photos));
      await device.open();
      await device.until('register', 2);
      const { worker } = device.js;
      worker.scheduleNext(1800);
      worker.scheduleNext(1800, 'photos');
      await device.until('schedule', 2);
      // What one sync needs is no matter of the other's.
      const set = { constraints: { network: 'none', batteryNotLow: true } };
      assert.equal(await device.ask(worker.configure(set, 'photos')), true);
      await device.leave();

      await device.allWindows();
      await device.pass(8 * ITEM + 1000);
      await device.until('run.end', 2);
      assert.equal(notes.items, 0);
      assert.equal(photos.items, 0);
      assert.deepEqual(
        [notes, photos].map(({ windows }) =>
          windows.map(({ window, sent }) => [window.name, sent]),
        ),
        [[[undefined, 4]], [['photos', 3]]],
      );
      const starts = await device.events('run.start');
      const ids = starts.map(({ task }) => task).sort();
      assert.equal(ids.length, 2);
      assert.equal(ids[1], `${ids[0]}.photos`);
      for (const { windows } of [notes, photos]) {
        const [{ window }] = windows;
        assert.equal(starts.find(({ run }) => run === window.runId).task, window.taskId);
      }
      assert.deepEqual(
        (await device.events('run.end')).map(({ out }) => out),
        ['done', 'done'],
      );

      // The process dies in the drain of one of the two, whichever has begun.
      Object.assign(notes, { items: 5, windows: [] });
      Object.assign(photos, { items: 5, windows: [] });
      await device.open();
      await device.ask(device.js.worker.getStatus());
      device.js.worker.scheduleNext(1800);
      device.js.worker.scheduleNext(1800, 'photos');
      await device.settle();
      await device.leave();
      await device.allWindows();
      await device.pass(ITEM + 300);
      const dead = notes.windows.length > 0 ? '' : 'photos';
      assert.equal(notes.windows.length + photos.windows.length, 1);
      await device.kill();
      open = 0;
      device.told.length = 0;
      await device.open();
      const isTold = async () =>
        device.told.some(({ outcome }) => outcome === 'killed') ? true : undefined;
      assert.equal(await device.eventually(isTold), true, 'onRun hears of the run that died');
      const killed = device.told.filter(({ outcome }) => outcome === 'killed');
      assert.deepEqual(
        killed.map(({ name = '' }) => name),
        [dead],
      );
      const failures = async (name) =>
        (await device.ask(device.js.worker.getStatus(name))).consecutiveFailures;
      assert.equal(await failures(dead), 1);
      assert.equal(await failures(dead === '' ? 'photos' : ''), 0);

      // Kept over the restart, of that sync alone.
      const needs = async (name) =>
        (await device.ask(device.js.worker.getStatus(name))).constraints;
      assert.deepEqual(await needs('photos'), ['batteryNotLow']);
      assert.deepEqual(await needs(''), ['any']);
      assert.equal(await device.ask(device.js.worker.configure(null, 'photos')), true);
      assert.deepEqual(await needs('photos'), ['any']);

      // Of no run twice, in whatever life. On Android the other sync's window has come again at once.
      await device.pass(12 * ITEM);
      await device.kill();
      await device.open();
      await device.pass(1000);
      const told = device.told.map(({ runId }) => runId);
      assert.equal(new Set(told).size, told.length, `told twice: ${told.join()}`);
      assert.equal(device.told.filter(({ outcome }) => outcome === 'killed').length, 1);
    },
  },
];
