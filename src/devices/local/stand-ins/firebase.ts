/** https://rnfirebase.io: Firebase has no native half here, so what a handler tells it is said, and goes nowhere. */
import { promising, reporting } from './reporting.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

type Part = 'app' | 'messaging' | 'crashlytics' | 'analytics';

/** What needs a phone with Firebase: refused as its native half refuses, with a code. */
const refusing = (part: Part, names: string): Record<string, () => Promise<never>> =>
  Object.fromEntries(
    names.split(' ').map((name) => {
      const message = `${name} of @react-native-firebase/${part} needs a phone: there is none in the local runner`;
      return [
        name,
        () =>
          Promise.reject(
            Object.assign(new Error(message), { userInfo: { code: 'unavailable', message } }),
          ),
      ];
    }),
  );

const ignore = (): void => undefined;

const CREATE: Readonly<Record<Part, (world: StandInWorld) => object>> = {
  app: ({ platform }) => ({
    NATIVE_FIREBASE_APPS: [
      {
        appConfig: { name: '[DEFAULT]', automaticDataCollectionEnabled: true },
        options: { appId: `1:0:${platform}:0`, apiKey: 'local', projectId: 'local' },
      },
    ],
    FIREBASE_RAW_JSON: '{}',
    addListener: ignore,
    removeListeners: ignore,
    eventsNotifyReady: ignore,
    eventsAddListener: ignore,
    eventsRemoveListener: ignore,
    setAutomaticDataCollectionEnabled: ignore,
    setLogLevel: ignore,
    ...promising('initializeApp deleteApp metaGetAll jsonGetAll preferencesGetAll'),
  }),
  messaging: () => ({
    isAutoInitEnabled: true,
    isRegisteredForRemoteNotifications: false,
    isDeliveryMetricsExportToBigQueryEnabled: false,
    isNotificationDelegationEnabled: false,
    signalBackgroundMessageHandlerSet: ignore,
    completeNotificationProcessing: ignore,
    getIsHeadless: () => Promise.resolve(true),
    // AuthorizationStatus.NOT_DETERMINED
    hasPermission: () => Promise.resolve(-1),
    ...promising(
      'setAutoInitEnabled getInitialNotification getDidOpenSettingsForNotification deleteToken',
    ),
    ...promising('setDeliveryMetricsExportToBigQuery unregisterForRemoteNotifications'),
    ...refusing(
      'messaging',
      'getToken getAPNSToken setAPNSToken requestPermission registerForRemoteNotifications sendMessage subscribeToTopic unsubscribeFromTopic',
    ),
  }),
  crashlytics: (world) => ({
    isCrashlyticsCollectionEnabled: true,
    isErrorGenerationOnJSCrashEnabled: false,
    isCrashlyticsJavascriptExceptionHandlerChainingEnabled: true,
    checkForUnsentReports: () => Promise.resolve(false),
    didCrashOnPreviousExecution: () => Promise.resolve(false),
    ...promising('deleteUnsentReports sendUnsentReports setCrashlyticsCollectionEnabled'),
    ...promising('setAttribute setAttributes setUserId'),
    ...reporting(
      world,
      '@react-native-firebase/crashlytics',
      'log logPromise recordError recordErrorPromise crash crashWithStackPromise',
    ),
  }),
  analytics: (world) => ({
    getAppInstanceId: () => Promise.resolve(null),
    getSessionId: () => Promise.resolve(null),
    ...promising(
      'setAnalyticsCollectionEnabled setSessionTimeoutDuration setUserId setUserProperty',
    ),
    ...promising('setUserProperties resetAnalyticsData setConsent setDefaultEventParameters'),
    ...reporting(world, '@react-native-firebase/analytics', 'logEvent'),
  }),
};

/** Its native halves: as 26.4 names them, and 24.0. */
const standIn = (part: Part, keeps: string): StandIn => {
  const name = part.replace(/^./, (letter) => letter.toUpperCase());
  return {
    packageName: `@react-native-firebase/${part}`,
    keeps,
    turbo: { [`NativeRNFBTurbo${name}`]: CREATE[part], [`RNFB${name}Module`]: CREATE[part] },
  };
};

const REPORTS = 'nothing: what is reported is said, and sent nowhere';

export const firebase: readonly StandIn[] = [
  standIn('app', 'nothing'),
  standIn('messaging', 'nothing: there is no token, and no message comes'),
  standIn('crashlytics', REPORTS),
  standIn('analytics', REPORTS),
];
