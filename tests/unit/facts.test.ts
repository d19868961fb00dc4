import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { formatMarkdown } from '../helpers/markdown.ts';
import { HOOK_CLASS, WORKER_CLASS } from '../../src/devices/android/app.ts';
import { RULES } from '../../src/doctor/catalogue.ts';
import { documentLimits } from '../../src/doctor/document.ts';
import { EVENT_MARKER, LOG_TAG } from '../../src/events/event.ts';
import {
  BUILD,
  EXPO,
  IOS,
  LIMITS,
  PROTOCOL,
  REACT_NATIVE,
  TRANSISTOR,
  WORK,
} from '../../src/facts.ts';
import { isWithin } from '../../src/versions.ts';

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

test('docs/limits.md is what src/facts.ts says (mend it with: npx vitest run tests/unit/facts.test.ts --update=all)', async () => {
  const file = path('docs/limits.md');
  const text = await formatMarkdown(documentLimits(LIMITS));
  await expect(text).toMatchFileSnapshot(file);
});

test('every limit names checks that there are, and a source', () => {
  const ids = new Set(RULES.map(({ id }) => id));
  for (const { checks, source } of LIMITS) {
    expect(checks.filter((id) => !ids.has(id))).toEqual([]);
    expect(source).toMatch(/^https:\/\//);
  }
});

test('the pattern for androidx.work is its range', () => {
  for (let minor = 7; minor < 14; minor += 1) {
    for (let patch = 0; patch < 10; patch += 1) {
      const version = `2.${minor}.${patch}`;
      expect([version, WORK.allowed.test(version)]).toEqual([
        version,
        minor >= Number(WORK.oldestForWorker.split('.')[1]) && !isWithin(version, WORK.broken),
      ]);
    }
  }
});

/** A limit that stands in a second place is one that changes in one of the two. */
test('no version of a limit is written anywhere else in src', () => {
  const versions = [
    WORK.default,
    WORK.broken.from,
    WORK.oldestForWorker,
    WORK.throwIsFatal.before,
    BUILD.agp,
    BUILD.kotlin,
    REACT_NATIVE.oldest,
    REACT_NATIVE.newArchitectureOnly,
    TRANSISTOR.firstWithPrefix,
    TRANSISTOR.firstWithoutCall,
  ];
  const found = readdirSync(path('src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'facts.ts')
    .flatMap((name) => {
      const code = readFileSync(path(`src/${name}`), 'utf8');
      // As a value of its own; prose for people may name one.
      return versions
        .filter((version) => code.includes(`'${version}'`))
        .map((one) => `${name} ${one}`);
    });
  expect(found).toEqual([]);
});

test('the names of the protocol are those of the templates and of the commands', () => {
  const template = (name: string): string => readFileSync(path(`templates/${name}`), 'utf8');
  const kotlin = 'android/src/main/java/dev/bgsync';
  const receiver = template('android/src/debug/java/dev/bgsync/BackgroundSyncDebugReceiver.kt');
  const manifest = template('android/src/debug/AndroidManifest.xml');
  for (const action of PROTOCOL.actions) {
    expect(receiver).toContain(`"${PROTOCOL.actionPrefix}${action}"`);
    expect(manifest).toContain(`"${PROTOCOL.actionPrefix}${action}"`);
  }
  expect(manifest).toContain(`"${PROTOCOL.debugReceiver}"`);
  expect(template(`${kotlin}/BackgroundSyncConfig.kt.ejs`)).toContain(`"${PROTOCOL.uniqueWork}"`);
  expect(template(`${kotlin}/BackgroundSyncConfig.kt.ejs`)).toContain(`"${PROTOCOL.logTag}"`);
  expect(template('retired-android/src/main/java/dev/bgsync/Retirement.kt')).toContain(
    `"${PROTOCOL.uniqueWork}"`,
  );
  expect(template(`${kotlin}/SyncEvent.kt`)).toContain(`"${PROTOCOL.eventMarker}"`);
  expect(template('ios/SyncEvent.swift')).toContain(`"${PROTOCOL.eventMarker}"`);
  expect(template('typescript/NativeBackgroundSync.ts')).toContain(
    `.get<Spec>('${PROTOCOL.nativeModule}')`,
  );
  const events = template(`${kotlin}/EventLog.kt`);
  for (const file of PROTOCOL.androidRing)
    expect(events).toContain(`"${file.split('/').at(-1) ?? ''}"`);
  expect(template('ios/EventLog.swift')).toContain(
    `Logger(subsystem: "${PROTOCOL.subsystem}", category: "${PROTOCOL.logTag}")`,
  );
  expect(template('ios/EventLog.swift')).toContain(`"${PROTOCOL.iosRing.split('/').at(-1) ?? ''}"`);
  expect(template('react-native/README.md.ejs')).toContain(PROTOCOL.worker);
  expect(template('package/config.schema.json')).toContain(`"default": "${PROTOCOL.taskId}"`);
  expect(template('react-native/[pod].podspec.ejs')).toContain(`${IOS.oldest}`);
  expect(template('flutter-ios-pod/background_sync.podspec.ejs')).toContain(`'${IOS.oldest}'`);
  expect(template('flutter-ios/Package.swift')).toContain(`"${IOS.oldest}"`);
  expect(template('flutter-android/build.gradle.ejs')).toContain(`minSdk = ${BUILD.minSdk}\n`);
  expect([WORKER_CLASS, HOOK_CLASS, EVENT_MARKER, LOG_TAG]).toEqual([
    PROTOCOL.worker,
    PROTOCOL.debugReceiver,
    PROTOCOL.eventMarker,
    PROTOCOL.logTag,
  ]);
  expect(EXPO.firstWithScenes).toBeGreaterThan(EXPO.oldest);
});
