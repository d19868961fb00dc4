import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { parseLine } from '../../events/parse.ts';
import type { DeviceLogOptions, DeviceLogs } from '../device-log.ts';
import { openIosApp } from './ios-app.ts';

/** What `log show` looks back where nothing is said. Milliseconds. */
const DEFAULT_BACK_MS = 60 * 60_000;

const noStream = (): UserError =>
  new UserError('No Apple tool streams the log of an iPhone app that runs already.', {
    hint: 'Use --history, which reads the app’s own record; or `npx bgsync trigger`, which launches the app with its log.',
  });

/** @throws UserError where there is no simulator or device to read from */
export async function openIosLogs(options: DeviceLogOptions, ctx: Context): Promise<DeviceLogs> {
  const app = await openIosApp(options, ctx);
  return {
    name: app.device.name,
    now: () => Promise.resolve(Date.now()),
    history: () => app.history(),
    dump() {
      if (!app.isSimulator) throw noStream();
      return app.show(options.since ?? DEFAULT_BACK_MS);
    },
    async follow(listener) {
      if (!app.isSimulator) throw noStream();
      let fail: (error: UserError) => void = () => undefined;
      const failed = new Promise<never>((_resolve, reject) => (fail = reject));
      const stream = await app.stream(
        (line) => {
          listener.line(line);
          for (const finding of parseLine(line)) {
            if (finding.kind === 'event') listener.event(finding.event);
            else listener.unreadable(finding);
          }
        },
        (error) => fail(error),
      );
      const stopped = new Promise<void>((resolve) => {
        const stop = (): void => resolve();
        ctx.signal.addEventListener('abort', stop);
        if (ctx.signal.aborted) stop();
      });
      try {
        await Promise.race([failed, stopped]);
      } finally {
        failed.catch(() => undefined);
        stream.stop();
        await stream.ended;
      }
    },
  };
}
