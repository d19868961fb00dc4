/**
 * A process that runs one command after another with the built CLI, as `run(argv, outside)`: what is asked for comes by
 * IPC, and goes back with what it used. A process for each command would take most of the suite's time.
 */
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { commit } from './faults.mjs';

const { realOutside, run } = await import(pathToFileURL(process.argv[2]).href);
const outside = realOutside();

process.on('message', async ({ args, cwd, env, fault }) => {
  const before = process.cpuUsage();
  const answer = { stdout: '', stderr: '', code: undefined };
  answer.code = await run(args, {
    ...outside,
    cwd,
    env,
    openStdin: () => Readable.from([]),
    report: {
      line: (text = '') => (answer.stdout += `${text}\n`),
      warn: (text) => (answer.stderr += `${text}\n`),
      raw: (text) => (answer.stdout += text),
      idle: () => undefined,
      closed: new AbortController().signal,
    },
    isInteractive: false,
    signals: new EventEmitter(),
    exit: () => undefined,
  });
  if (fault !== undefined) commit(fault, cwd, answer, args[0]);
  // Kilobytes, also on macOS since Node 14 (https://nodejs.org/api/process.html#processresourceusage).
  const megabytes = process.resourceUsage().maxRSS / 1024;
  const { user, system } = process.cpuUsage(before);
  process.send({ ...answer, megabytes, seconds: (user + system) / 1e6 });
});
