import { FileStore } from './store.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

interface Notification {
  readonly id: string;
  readonly title?: string;
  readonly body?: string;
  readonly android?: { readonly channelId?: string };
}

type Kind = 'channel' | 'group' | 'displayed' | 'trigger';

/** https://github.com/invertase/notifee: keeps what it is given, as the phone does; nobody sees it. */
function createApi(world: StandInWorld): object {
  const store = new FileStore(world.dataFolder, 'notifee');
  const answer = (value: unknown) => (): Promise<unknown> => Promise.resolve(value);
  const nothing = answer(undefined);
  const read = (key: string): unknown => JSON.parse(store.get(key) ?? 'null');
  const idsOf = (kind: Kind): string[] =>
    store.keys.filter((key) => key.startsWith(`${kind}:`)).map((key) => key.slice(kind.length + 1));
  const all = (kind: Kind) => (): Promise<unknown[]> =>
    Promise.resolve(idsOf(kind).map((id) => read(`${kind}:${id}`)));
  const get =
    (kind: Kind) =>
    (id: string): Promise<unknown> =>
      Promise.resolve(read(`${kind}:${id}`));
  const keep = (kind: Kind) => (given: { id: string } | readonly { id: string }[]) => {
    const list = [given].flat() as { id: string }[];
    store.set(...list.map((one): [string, string] => [`${kind}:${one.id}`, JSON.stringify(one)]));
    return Promise.resolve();
  };
  const drop =
    (...kinds: Kind[]) =>
    (given?: string | readonly string[]): Promise<void> => {
      for (const kind of kinds) {
        const ids = given === undefined ? idsOf(kind) : [given].flat();
        store.delete(...ids.map((id) => `${kind}:${id}`));
      }
      return Promise.resolve();
    };
  const say = (what: string, { title, body, android }: Notification): void => {
    const channel = android?.channelId;
    const isLost = world.platform === 'android' && store.get(`channel:${channel}`) === undefined;
    const text = [title, body].filter(Boolean).join(': ');
    world.note(
      `@notifee/react-native: the notification “${text}” ${what}${
        isLost
          ? `; Android would not show it, since its channel ${channel ?? '(none given)'} is not created`
          : ''
      }.`,
    );
  };
  const settings = { authorizationStatus: 1, android: {}, ios: {}, web: {} };
  return {
    ANDROID_API_LEVEL: 36,
    addListener: () => undefined,
    removeListeners: () => undefined,
    createChannel: keep('channel'),
    createChannels: keep('channel'),
    createChannelGroup: keep('group'),
    createChannelGroups: keep('group'),
    deleteChannel: drop('channel'),
    deleteChannelGroup: drop('group'),
    getChannel: get('channel'),
    getChannels: all('channel'),
    getChannelGroup: get('group'),
    getChannelGroups: all('group'),
    isChannelBlocked: answer(false),
    isChannelCreated: (id: string) => Promise.resolve(store.get(`channel:${id}`) !== undefined),
    displayNotification(notification: Notification) {
      say('is kept, and not shown here', notification);
      const shown = { id: notification.id, date: String(Date.now()), notification };
      return keep('displayed')(shown);
    },
    createTriggerNotification(notification: Notification, trigger: object) {
      say('is kept, and its trigger does not go off here', notification);
      return keep('trigger')({ id: notification.id, notification, trigger } as { id: string });
    },
    getDisplayedNotifications: all('displayed'),
    getTriggerNotifications: all('trigger'),
    getTriggerNotificationIds: () => Promise.resolve(idsOf('trigger')),
    cancelAllNotifications: drop('displayed', 'trigger'),
    // Its kinds: 0 is all, 1 displayed, 2 triggers.
    cancelAllNotificationsWithIds: (ids: string[], kind = 0) =>
      drop(...(['displayed', 'trigger'] as const).filter((_, i) => kind === 0 || kind === i + 1))(
        ids,
      ),
    cancelNotification: drop('displayed', 'trigger'),
    cancelDisplayedNotification: drop('displayed'),
    cancelDisplayedNotifications: drop('displayed'),
    cancelDisplayedNotificationsWithIds: drop('displayed'),
    cancelTriggerNotification: drop('trigger'),
    cancelTriggerNotifications: drop('trigger'),
    cancelTriggerNotificationsWithIds: drop('trigger'),
    requestPermission: answer(settings),
    getNotificationSettings: answer(settings),
    setNotificationCategories: nothing,
    getNotificationCategories: answer([]),
    getInitialNotification: answer(null),
    getBadgeCount: () => Promise.resolve(Number(store.get('badge') ?? 0)),
    setBadgeCount: (count: number) => Promise.resolve(store.set(['badge', String(count)])),
    incrementBadgeCount: (by: number) =>
      Promise.resolve(store.set(['badge', String(Number(store.get('badge') ?? 0) + by)])),
    decrementBadgeCount: (by: number) =>
      Promise.resolve(
        store.set(['badge', String(Math.max(0, Number(store.get('badge') ?? 0) - by))]),
      ),
    isBatteryOptimizationEnabled: answer(false),
    getPowerManagerInfo: answer({}),
    stopForegroundService: nothing,
    hideNotificationDrawer: () => undefined,
  };
}

export const notifee: StandIn = {
  packageName: '@notifee/react-native',
  keeps: 'a file, nothing is shown',
  turbo: { NotifeeApiModule: createApi },
};
