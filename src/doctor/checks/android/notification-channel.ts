import type { Check, Finding } from '../../check.ts';
import { dartConstant } from '../../code/dart-constants.ts';
import { FLUTTER_SERVICE, foregroundConfigurations } from '../../code/flutter-service.ts';
import { callsOf, codeOf, functionAround, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { isElsewhere, textsOf } from '../../code/kotlin-names.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import { nearestName } from '../../code/near-names.ts';
import { pubDependencyOf } from '../../code/pub-packages.ts';
import type { DoctorRepo } from '../../repo.ts';

/** In one file. */
const MOST = 20;
const FOREGROUND = ['startForeground', 'ForegroundInfo'];
/** Packages whose JavaScript or Dart makes channels. */
const MAKERS = [
  '@notifee/react-native',
  'react-native-notifee',
  'expo-notifications',
  'react-native-push-notification',
  'react-native-notifications',
  '@capacitor/local-notifications',
  '@capacitor/push-notifications',
];

export const notificationChannel: Check = {
  id: 'A63',
  title: 'The notification of a foreground service has a channel that is made',
  severity: 'error',
  why: 'From Android 8 on a notification needs a channel. startForeground with one whose channel nobody made ends the app: “Bad notification for startForeground: invalid channel for service notification”.',
  source: 'https://developer.android.com/develop/ui/views/notifications/channels#CreateChannel',
  fix: 'Call createNotificationChannel with the same id before startForeground, or before the ForegroundInfo is made.',
  explain: [
    'A notification names its channel by an id, and createNotificationChannel makes the channel of that id. The two meet by the text alone. Any other notification without a channel is dropped; that of a foreground service, or of a worker’s ForegroundInfo, takes the app down, in the background too, some seconds after the service began.',
    '    val channel = NotificationChannel(SYNC, "Sync", NotificationManager.IMPORTANCE_LOW)\n    manager.createNotificationChannel(channel)\n    startForeground(1, NotificationCompat.Builder(this, SYNC).setSmallIcon(icon).build())',
    'Where one channel has an id that cannot be told, or a library of notifications is in the app, doctor says nothing.',
  ].join('\n\n'),
  run: async (repo) => [...(await ofApp(repo)), ...(await ofFlutter(repo))],
};

async function ofApp(repo: DoctorRepo): Promise<Finding[]> {
  const files = (await kotlinAndJava(repo, FOREGROUND)).filter(({ code }) =>
    /\bNotification(?:Compat)?\s*\.\s*Builder\b/.test(code),
  );
  if (files.length === 0 || MAKERS.some((name) => repo.depends(name))) return [];
  const made = await channelsOf(repo);
  if (made === undefined) return [];
  const findings: Finding[] = [];
  for (const file of files) {
    for (const call of callsOf(file, 'Builder').slice(0, MOST)) {
      const { start, arguments: given } = call;
      const before = file.code.slice(Math.max(0, start - 60), start);
      const kind = /\b(Notification(?:Compat)?)\s*\.\s*$/.exec(before)?.[1];
      const around = functionAround(file, start);
      if (kind === undefined || around === undefined) continue;
      const code = file.code.slice(around.body.start, around.body.end);
      if (/\bsetChannelId\b/.test(code)) continue;
      // The form of before Android 8, beside the one of today.
      if (given.length < 2 && /\bSDK_INT\b/.test(code)) continue;
      if (await isUnreleased(repo, file, start)) continue;
      const channel = given[1];
      const texts = channel === undefined ? [] : await textsOf(repo, file, channel);
      const text = texts?.find((one) => !made.some(({ id }) => id === one));
      if (texts === undefined || (channel !== undefined && text === undefined)) continue;
      if (text !== undefined && (await isElsewhere(repo, text))) continue;
      const near =
        text === undefined
          ? undefined
          : nearestName(
              text,
              made.map(({ id }) => id),
            );
      const [first] = made;
      const maker = made.find(({ id }) => id === near) ?? first;
      findings.push({
        file: file.path,
        line: file.line(start),
        message:
          text === undefined
            ? `the notification of ${kind}.Builder names no channel`
            : `the notification’s channel “${text}” is made nowhere${near === undefined ? '' : `: did you mean “${near}”?`}`,
        evidence: [
          maker === undefined
            ? {
                file: file.path,
                line: file.line(foregroundIn(file.code)),
                says: 'makes it the notification of a foreground service',
              }
            : { file: maker.file, line: maker.line, says: `makes the channel “${maker.id}”` },
        ].filter(({ line }) => line !== file.line(start)),
      });
    }
  }
  return findings;
}

/** flutter_background_service makes a channel of its own where it is given the id of none. */
async function ofFlutter(repo: DoctorRepo): Promise<Finding[]> {
  for (const { file, named } of await foregroundConfigurations(repo)) {
    const id = named.get('notificationChannelId');
    if (id === undefined || codeOf(file, id) === 'null') continue;
    const needles = ['NotificationChannel'];
    const makers = [
      ...(await repo.sourcesContaining('dart', needles)),
      ...(await kotlinAndJava(repo, needles)),
    ];
    if (makers.some(({ code }) => /NotificationChannel\s*\(|createNotif\w+\b/.test(code)))
      return [];
    const text = await dartConstant(repo, { file, range: id });
    const message = `the notification’s channel${text === undefined ? '' : ` “${text}”`} is made nowhere`;
    const evidence = [await pubDependencyOf(repo, FLUTTER_SERVICE)];
    return [{ file: file.path, line: file.line(id.start), message, evidence, fix: FLUTTER_FIX }];
  }
  return [];
}

const FLUTTER_FIX =
  'Make an AndroidNotificationChannel of that id with createNotificationChannel of flutter_local_notifications before configure, or leave notificationChannelId out.';

const foregroundIn = (code: string): number =>
  Math.max(0, code.search(/\b(?:startForeground|ForegroundInfo)\s*\(/));

interface Channel {
  readonly id: string;
  readonly file: string;
  readonly line: number;
}

/** The channels that the app makes; undefined where the id of one cannot be told. */
async function channelsOf(repo: DoctorRepo): Promise<readonly Channel[] | undefined> {
  const found: Channel[] = [];
  for (const file of await kotlinAndJava(repo, ['NotificationChannel'])) {
    const builders = callsOf(file, 'Builder').filter(({ start }) =>
      /\bNotificationChannelCompat\s*\.\s*$/.test(file.code.slice(Math.max(0, start - 60), start)),
    );
    for (const { start, arguments: given } of [
      ...callsOf(file, 'NotificationChannel'),
      ...builders,
    ]) {
      const [id] = given;
      const texts = id && (await textsOf(repo, file, id));
      if (texts === undefined) return undefined;
      found.push(...texts.map((one) => ({ id: one, file: file.path, line: file.line(start) })));
    }
  }
  return found;
}
