import { sharedStore } from './store.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

const PACKAGE = 'expo-notifications';

interface Content {
  readonly title?: string | null;
  readonly body?: string | null;
}

/** What its JavaScript hands over; null and `channel` are for at once. */
type Trigger = {
  readonly type: string;
  readonly seconds?: number;
  readonly timestamp?: number;
} | null;

type Kind = 'channel' | 'group' | 'category' | 'presented' | 'scheduled';

/** What is kept of each kind, in one file for all of the package's modules. */
function keptIn(world: StandInWorld) {
  const store = sharedStore(world, PACKAGE);
  const read = (key: string): unknown => JSON.parse(store.get(key) ?? 'null');
  const keysOf = (kind: Kind): string[] => store.keys.filter((key) => key.startsWith(`${kind}:`));
  return {
    read,
    write: (key: string, value: unknown) => store.set([key, JSON.stringify(value)]),
    get: (kind: Kind) => (id: string) => Promise.resolve(read(`${kind}:${id}`)),
    all: (kind: Kind) => () => Promise.resolve(keysOf(kind).map(read)),
    keep: (kind: Kind, named: string) => (id: string, value: object) => {
      const kept = { ...value, [named]: id };
      store.set([`${kind}:${id}`, JSON.stringify(kept)]);
      return Promise.resolve(kept);
    },
    drop: (kind: Kind) => (id: string) => Promise.resolve(store.delete(`${kind}:${id}`)),
    clear: (kind: Kind) => () => Promise.resolve(void store.delete(...keysOf(kind))),
  };
}

const GRANTED = {
  status: 'granted',
  granted: true,
  canAskAgain: true,
  expires: 'never',
  // IosAuthorizationStatus.AUTHORIZED
  ios: { status: 2 },
  android: { importance: 3 },
};

function createScheduler(world: StandInWorld): object {
  const kept = keptIn(world);
  const isNow = (trigger: Trigger): boolean => trigger === null || trigger.type === 'channel';
  return {
    scheduleNotificationAsync(identifier: string, given: Content, trigger: Trigger) {
      const content = { title: null, subtitle: null, body: null, data: {}, sound: null, ...given };
      const text = [content.title, content.body].filter(Boolean).join(': ');
      const what = isNow(trigger)
        ? 'is kept, and not shown here'
        : 'is kept, and does not go off here';
      world.note(`${PACKAGE}: the notification “${text}” ${what}.`);
      const request = { identifier, content, trigger };
      kept.write(
        `${isNow(trigger) ? 'presented' : 'scheduled'}:${identifier}`,
        isNow(trigger) ? { date: Date.now(), request } : request,
      );
      return Promise.resolve(identifier);
    },
    getAllScheduledNotificationsAsync: kept.all('scheduled'),
    cancelScheduledNotificationAsync: kept.drop('scheduled'),
    cancelAllScheduledNotificationsAsync: kept.clear('scheduled'),
    async getNextTriggerDateAsync(trigger: Trigger) {
      await Promise.resolve();
      if (trigger?.type === 'timeInterval') return Date.now() + (trigger.seconds ?? 0) * 1000;
      if (trigger?.type === 'date') return trigger.timestamp ?? null;
      if (isNow(trigger)) return null;
      throw new Error(
        `the next date of a ${trigger?.type} trigger does not exist in the local runner`,
      );
    },
  };
}

const refuse = (name: string) => (): Promise<never> =>
  Promise.reject(
    new Error(`${name} of ${PACKAGE} needs a phone: there is none in the local runner`),
  );

const nothing = (): Promise<null> => Promise.resolve(null);

/** https://docs.expo.dev/versions/latest/sdk/notifications/: keeps what it is given, as the phone does; nobody sees it. */
export const expoNotifications: StandIn = {
  packageName: PACKAGE,
  keeps: 'a file, nothing is shown',
  expo: {
    ExpoNotificationScheduler: createScheduler,
    ExpoNotificationPresenter(world) {
      const kept = keptIn(world);
      return {
        getPresentedNotificationsAsync: kept.all('presented'),
        dismissNotificationAsync: kept.drop('presented'),
        dismissAllNotificationsAsync: kept.clear('presented'),
      };
    },
    ExpoNotificationChannelManager(world) {
      const kept = keptIn(world);
      return {
        getNotificationChannelsAsync: kept.all('channel'),
        getNotificationChannelAsync: kept.get('channel'),
        setNotificationChannelAsync: kept.keep('channel', 'id'),
        deleteNotificationChannelAsync: kept.drop('channel'),
      };
    },
    ExpoNotificationChannelGroupManager(world) {
      const kept = keptIn(world);
      return {
        getNotificationChannelGroupsAsync: kept.all('group'),
        getNotificationChannelGroupAsync: kept.get('group'),
        setNotificationChannelGroupAsync: kept.keep('group', 'id'),
        deleteNotificationChannelGroupAsync: kept.drop('group'),
      };
    },
    ExpoNotificationCategoriesModule(world) {
      const kept = keptIn(world);
      return {
        getNotificationCategoriesAsync: kept.all('category'),
        setNotificationCategoryAsync: (id: string, actions: object, options: object) =>
          kept.keep('category', 'identifier')(id, { actions, options }),
        deleteNotificationCategoryAsync: kept.drop('category'),
      };
    },
    ExpoBadgeModule(world) {
      const kept = keptIn(world);
      return {
        getBadgeCountAsync: () => Promise.resolve(kept.read('badge') ?? 0),
        setBadgeCountAsync(count: number) {
          kept.write('badge', count);
          return Promise.resolve(true);
        },
      };
    },
    ExpoNotificationPermissionsModule: () => ({
      getPermissionsAsync: () => Promise.resolve(GRANTED),
      requestPermissionsAsync: () => Promise.resolve(GRANTED),
    }),
    ExpoNotificationsEmitter: () => ({
      getLastNotificationResponse: () => null,
      getLastNotificationResponseAsync: nothing,
      clearLastNotificationResponse: () => undefined,
      clearLastNotificationResponseAsync: nothing,
    }),
    ExpoNotificationsHandlerModule: () => ({ handleNotificationAsync: nothing }),
    ExpoBackgroundNotificationTasksModule: () => ({
      registerTaskAsync: nothing,
      unregisterTaskAsync: nothing,
    }),
    ExpoTopicSubscriptionModule: () => ({
      subscribeToTopicAsync: refuse('subscribeToTopicAsync'),
      unsubscribeFromTopicAsync: refuse('unsubscribeFromTopicAsync'),
    }),
    ExpoPushTokenManager: () => ({
      getDevicePushTokenAsync: refuse('getDevicePushTokenAsync'),
      unregisterForNotificationsAsync: nothing,
    }),
    NotificationsServerRegistrationModule(world) {
      const kept = keptIn(world);
      return {
        getInstallationIdAsync: () => Promise.resolve('bgsync'),
        getRegistrationInfoAsync: () => Promise.resolve(kept.read('registration')),
        setRegistrationInfoAsync: (info: string | null) =>
          Promise.resolve(kept.write('registration', info)),
      };
    },
  },
};
