import { rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { EVENT_NAMES } from '../../src/events/event.ts';
import { WORDS } from '../../src/events/words.ts';
import { appIn } from '../helpers/app.ts';
import { makeFlutterApp } from '../helpers/flutter-app.ts';
import { scratchFolder } from '../helpers/template-app.ts';

/** Of other hosts, or of a world that a Flutter app has not. */
const FOREIGN =
  /JavaScript|\bJS\b|Metro\b|React ?Native|node_modules|registerBackgroundSync|window\.signal|package\.json/;

/** What bgsync and migrate are for; two files of the core, which have one name in every kind of app. */
const ABOUT_THEM =
  /React Native, Expo and Flutter apps|migrate knows the libraries of|\/(?:JavaScriptPromises|RunCoordinator\+JavaScript)\.swift$/;

/** A log in which everything happens that an event can say, for every reason. */
function wholeLog(): string {
  const whys = [undefined, ...Object.keys(WORDS.dart.reasons), 'host-failed'];
  const lines: string[] = [];
  let seq = 0;
  for (const [index, why] of whys.entries()) {
    for (const ev of EVENT_NAMES) {
      seq += 1;
      const event = { v: 1, seq, ts: 1_700_000_000_000 + seq * 1000, plat: 'android', pid: 7, ev };
      const more = { run: `run0000${index}`, why, out: 'skipped', rem: -1, trig: 'os', att: 1 };
      lines.push(`BGSYNC1 ${JSON.stringify({ ...event, ...more })}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

test('no command in a Flutter app speaks of another host', () => {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  makeFlutterApp(root, '3.44');
  const app = appIn(root);
  app.write('events.log', wholeLog());
  const commands: string[][] = [
    [],
    ['doctor'],
    ['init', '--dry-run'],
    ['init', '--dry-run', '--drain', 'watermelondb'],
    ['ci', 'install', '--dry-run'],
    ['ci', 'install', '--gitlab', '--dry-run'],
    ['init', '--yes', '--queue', 'drift'],
    [],
    ['init', '--yes'],
    ['doctor', '--verbose'],
    ['doctor', '--log', 'events.log'],
    ['logs', '--input', 'events.log'],
    ['logs', '--input', 'events.log', '--timeline'],
    ['logs', '--input', 'events.log', '--verify'],
    ['trigger', '--platform', 'local'],
    ['queue'],
    ['migrate', '--dry-run'],
    ['diff'],
    ['update', '--yes'],
    ['remove', '--dry-run'],
    ['remove', '--retire', '--yes'],
    [],
    ['doctor'],
    ['remove', '--yes', '--force'],
  ];
  let heard = '';
  const foreign: string[] = [];
  for (const command of commands) {
    const { stdout, stderr } = app.run(...command);
    const said = `${stdout}\n${stderr}`;
    heard += said;
    for (const line of said.split('\n')) {
      if (FOREIGN.test(line) && !ABOUT_THEM.test(line)) {
        foreign.push(`${command.join(' ')}: ${line}`);
      }
    }
  }
  expect(foreign).toEqual([]);
  // What it says in their place.
  for (const text of [...Object.values(WORDS.dart.reasons), WORDS.dart.boots, WORDS.dart.isUp]) {
    expect(heard).toContain(text);
  }
  expect(app.read('pubspec.yaml')).not.toContain('background_sync');
});
