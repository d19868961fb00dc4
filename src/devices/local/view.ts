import { relative } from 'node:path';
import type { Report } from '../../context.ts';
import type { SyncEvent } from '../../events/event.ts';
import type { Colors } from '../../events/format.ts';
import { createColors, formatDuration, paintOutcome } from '../../events/format.ts';
import { WORDS } from '../../events/words.ts';
import { printableLine } from '../../terminal.ts';
import { createEventView, elapsedText } from '../event-view.ts';
import type { RunEnd } from './device.ts';
import type { SessionListener, SessionOptions } from './session.ts';

const REFRESH_MS = 250;
const CLEAR_LINE = '\r\u001b[2K';

export interface SessionView extends SessionListener {
  finish(last: RunEnd | undefined): void;
}

/** `--json`: one event per line; all that is for people goes to standard error. */
export function createJsonView(report: Report, { language }: SessionOptions): SessionView {
  return {
    ...createEventView(report, WORDS[language], { isJson: true, isTerminal: false }),
    output: (line) => report.warn(printableLine(line)),
    finish: () => undefined,
  };
}

/**
 * For people: each event as it happens; on a terminal the time that is left, in place, below them.
 */
export function createHumanView(
  report: Report,
  options: SessionOptions,
  isTerminal: boolean,
): SessionView {
  const colors = createColors(isTerminal);
  const format = elapsedText(colors, WORDS[options.language]);
  let window: { closesAt: number; progress: string } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const timeLeft = (): string => {
    const ms = Math.max(0, (window?.closesAt ?? 0) - Date.now());
    return `${Math.ceil(ms / 1000)} s left`;
  };
  const clear = (): void => {
    if (timer !== undefined) report.raw(CLEAR_LINE);
  };
  const draw = (): void => {
    if (window !== undefined) report.raw(`${CLEAR_LINE}${window.progress}${timeLeft()}`);
  };
  const print = (text: string): void => {
    clear();
    report.line(text);
    if (timer !== undefined) draw();
  };
  const open = (): void => {
    window = { closesAt: Date.now() + options.window.budgetMs, progress: '' };
    if (isTerminal) timer = setInterval(draw, REFRESH_MS);
  };
  const close = (): void => {
    clear();
    clearInterval(timer);
    timer = undefined;
    window = undefined;
  };
  const showProgress = (event: SyncEvent): void => {
    const text = `${event.n ?? 0} of ${event.of ?? 0}, `;
    if (isTerminal && window !== undefined) {
      window.progress = text;
      draw();
    } else report.line(`  ${text}${timeLeft()}`);
  };

  return {
    event(event) {
      if (event.ev === 'progress') {
        showProgress(event);
        return;
      }
      if (event.ev === 'run.end') close();
      const text = format(event);
      if (text !== undefined) print(text);
      if (event.ev === 'js.start') open();
    },
    output(line) {
      clear();
      report.warn(colors.dim(`  app | ${printableLine(line)}`));
    },
    note(text) {
      close();
      print(printableLine(text));
    },
    finish(last) {
      close();
      if (last !== undefined)
        for (const line of summarize(last, options, colors)) report.line(line);
    },
  };
}

/** The conditions of the session, before anything happens. */
export function introduce(options: SessionOptions, cwd: string): string {
  const { window, battery, network, config, root } = options;
  const handler = relative(cwd, `${root}/${config.handler}`).replaceAll('\\', '/');
  const parts = [
    `budget ${formatDuration(window.budgetMs)}`,
    ...(window.expireAfterMs === undefined
      ? []
      : [`the OS takes the window back after ${formatDuration(window.expireAfterMs)}`]),
    { wifi: 'online', cell: 'on a cellular network', none: 'offline' }[network],
    `battery ${battery.percent} %${battery.charging ? ', charging' : ''}`,
  ];
  return printableLine(`${handler} on this machine: ${parts.join(', ')}`);
}

function summarize(last: RunEnd, options: SessionOptions, colors: Colors): string[] {
  const { progress, remaining, outcome } = last;
  const row = (name: string, value: string): string => `${name.padEnd(11)}${value}`;
  return [
    '',
    row('outcome', paintOutcome(outcome, outcome, colors)),
    row(
      'processed',
      progress === undefined ? 'not reported' : `${progress.done} of ${progress.total}`,
    ),
    row('remaining', remaining < 0 ? 'unknown' : String(remaining)),
    row('next', explainNext(last, options)),
    '',
    printableLine(adviceAfter(last, options)),
  ];
}

/** The one thing to do next. */
function adviceAfter(
  { outcome, remaining, isHeldBack }: RunEnd,
  { config, network, language, unfilled }: SessionOptions,
): string {
  const { handler, platforms } = config;
  if (isHeldBack === true) {
    return 'Next: give the window what it needs (--network, --battery), or leave --respect-constraints out.';
  }
  if (outcome === 'retry' && network === 'none') {
    return 'Next: with a network, the next window sends what remains.';
  }
  if (unfilled !== undefined && (outcome === 'done' || outcome === 'retry')) {
    return `Next: fill in ${unfilled}, which is as bgsync made it: until then nothing is sent.`;
  }
  switch (outcome) {
    case 'done':
      return `Next: \`npx bgsync trigger --platform ${platforms[0] ?? 'android'}\` runs it on a device.`;
    case 'retry':
    case 'failed':
    case 'skipped':
      return `Next: mend ${handler}; with --watch it runs again at each save.`;
    case 'expired':
      // It answered in the grace that a closed window has: it stopped as it should.
      if (remaining >= 0) {
        return 'Next: run it again, as the next window: what remains is sent, and nothing twice.';
      }
      return `Next: let ${handler} stop when window.${language === 'dart' ? 'isExpired is true' : 'signal is aborted'}, and say what remains.`;
    case 'killed':
      return 'Next: run it again without --kill-after: what was not sent must still be there.';
  }
}

function explainNext(
  { delaySeconds, outcome, remaining }: RunEnd,
  options: SessionOptions,
): string {
  if (delaySeconds === undefined) return 'none: nothing is scheduled';
  const { battery, config } = options;
  const isLow =
    battery.percent <= config.schedule.lowBatteryPercent &&
    !battery.charging &&
    outcome !== 'failed';
  const reason = {
    done: remaining > 0 ? 'items remain' : 'the queue is drained',
    retry: 'another try, backing off',
    failed: 'trying again sooner is useless',
    expired: 'the window was too short',
    skipped: 'the handler never ran',
    killed: 'another try, backing off',
  }[outcome];
  const low = isLow ? '; later, because the battery is low' : '';
  return `in ${formatDuration(delaySeconds * 1000)}: ${reason}${low}`;
}
