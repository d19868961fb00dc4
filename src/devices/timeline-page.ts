import type { SyncEvent } from '../events/event.ts';
import { OUTCOMES } from '../events/event.ts';
import { formatDuration, formatTime } from '../events/format.ts';
import { escapeHtml, htmlPage } from '../html/page.ts';
import { collectRows, spanOf } from './timeline.ts';
import type { TimelineRow } from './timeline.ts';

/** In the picture's own units; the page scales it. */
const WIDTH = 320;
const HEIGHT = 20;

const TONES: Record<string, string> = {
  done: 'good',
  retry: 'warning',
  expired: 'warning',
  skipped: 'info',
  failed: 'error',
  killed: 'error',
};

/**
 * Runs over time as a page of its own: when each could have begun and did, how it ended, and how it found the device.
 *
 * @param source how a person calls the log
 */
export function timelinePage(events: readonly SyncEvent[], source: string): string {
  const rows = collectRows(events);
  const title = `Background sync: ${source}`;
  const parts = [`<h1>${escapeHtml(title)}</h1>\n`];
  const span = spanOf(rows);
  if (span === undefined) {
    return htmlPage(title, `${parts.join('')}<p>No run of a background sync is in this log.</p>\n`);
  }
  parts.push(
    `<p>${formatTime(span.first)} to ${formatTime(span.last)}: ${rows.length} ${rows.length === 1 ? 'run' : 'runs'}; ${escapeHtml(countsOf(rows))}.</p>\n`,
    settingsOf(events),
    filterOf(rows),
    '<div class="wide" role="region" aria-label="Runs over time" tabindex="0">\n<table>\n',
    '<caption>Grey: the window could have begun. Bar: the run. Blue line: the next window.</caption>\n',
    `<thead><tr>${COLUMNS.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>\n<tbody>\n`,
    ...rows.map((row) => rowOf(row, span)),
    '</tbody>\n</table>\n</div>\n',
  );
  return htmlPage(title, parts.join(''));
}

const COLUMNS = [
  'Began',
  'Picture',
  'Outcome',
  'Took',
  'Asked by',
  'Network',
  'Battery',
  'Left',
  'Next window',
];

/** A log may hold any word there. */
const kindOf = (outcome: string): string =>
  OUTCOMES.find((one) => one === outcome) ?? (outcome === 'open' ? 'open' : 'other');

function countsOf(rows: readonly TimelineRow[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of rows) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
}

/** Constraints and interval, each time that the app changed them. */
function settingsOf(events: readonly SyncEvent[]): string {
  const changes = events.filter(({ ev }) => ev === 'configure').slice(-20);
  if (changes.length === 0) return '';
  const items = changes.map(
    ({ ts, msg = '' }) => `<li>${formatTime(ts)}: <code>${escapeHtml(msg)}</code></li>`,
  );
  return `<h2>Constraints that the app has set</h2>\n<ul>${items.join('')}</ul>\n`;
}

/** Without a script: a style for each choice hides the rows of the others. */
function filterOf(rows: readonly TimelineRow[]): string {
  const kinds = [...new Set(rows.map(({ outcome }) => kindOf(outcome)))];
  if (kinds.length < 2) return '';
  const choices = kinds.map(
    (kind) => `<label><input type="radio" name="show" id="show-${kind}"> ${kind}</label>\n`,
  );
  const hides = kinds.map(
    (kind) =>
      `main:has(#show-${kind}:checked) tbody tr:not([data-kind="${kind}"]) { display: none; }`,
  );
  return `<style>${hides.join('\n')}</style>\n<fieldset>\n<legend>Show</legend>\n<label><input type="radio" name="show" checked> all</label>\n${choices.join('')}</fieldset>\n`;
}

function rowOf(row: TimelineRow, span: { readonly first: number; readonly last: number }): string {
  const { start, end, outcome, why, trig, env, remaining, next } = row;
  const kind = kindOf(outcome);
  const network = [env?.net, env?.metered === 1 ? 'metered' : undefined];
  const battery = [
    env?.bat === undefined ? undefined : `${env.bat} %`,
    env?.chg === 1 ? 'charging' : undefined,
    env?.save === 1 ? 'saver' : undefined,
    env?.locked === 1 ? 'locked' : undefined,
  ];
  const cells = [
    formatTime(start),
    undefined,
    [outcome, why].filter(Boolean).join(': '),
    end === undefined ? '' : formatDuration(Math.max(0, end - start)),
    trig ?? '',
    network.filter(Boolean).join(', '),
    battery.filter(Boolean).join(', '),
    remaining === undefined || remaining < 0 ? '' : String(remaining),
    next === undefined || !Number.isFinite(next) ? '' : formatTime(next),
  ].map((text, index) => {
    if (text === undefined)
      return `<td class="${TONES[kind] ?? 'soft'}">${picture(row, span)}</td>`;
    if (index === 0) return `<th scope="row">${escapeHtml(text)}</th>`;
    return `<td${index === 2 ? ` class="${TONES[kind] ?? 'soft'}"` : ''}>${escapeHtml(text)}</td>`;
  });
  return `<tr data-kind="${kind}">${cells.join('')}</tr>\n`;
}

/** What it shows stands in the row's other cells as text. */
function picture(
  { due, start, end, next }: TimelineRow,
  { first, last }: { readonly first: number; readonly last: number },
): string {
  const x = (time: number): number =>
    Math.round(((time - first) / Math.max(1, last - first)) * (WIDTH - 3) * 10) / 10;
  const rect = (kind: string, from: number, to: number, height: number): string => {
    const width = Math.max(3, x(to) - x(from));
    return `<rect class="${kind}" x="${x(from)}" y="${(HEIGHT - height) / 2}" width="${width}" height="${height}"/>`;
  };
  const shapes = [
    due !== undefined && due <= start ? rect('wait', due, start, 4) : '',
    rect('bar', start, Math.max(start, end ?? start), 14),
    next !== undefined && Number.isFinite(next) ? rect('next', next, next, HEIGHT) : '',
  ];
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${shapes.join('')}</svg>`;
}
