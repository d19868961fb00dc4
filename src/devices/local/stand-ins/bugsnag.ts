import { promising, reporting } from './reporting.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

interface Payload {
  readonly errors?: readonly { readonly errorClass?: string; readonly errorMessage?: string }[];
}

const PACKAGE = '@bugsnag/react-native';

/** Its native half has the settings, and sends what JavaScript reports. */
function createClient(world: StandInWorld): object {
  const settings = {
    apiKey: '0'.repeat(32),
    autoDetectErrors: true,
    autoTrackSessions: true,
    enabledErrorTypes: { unhandledExceptions: true, unhandledRejections: true },
    enabledBreadcrumbTypes: [],
    enabledReleaseStages: null,
    maxBreadcrumbs: 25,
    metadata: {},
    featureFlags: [],
    redactedKeys: [],
    releaseStage: 'development',
    user: {},
    endpoints: { notify: 'http://local', sessions: 'http://local' },
  };
  const info = { app: {}, device: {}, threads: [], breadcrumbs: [] };
  const { notify } = reporting(world, PACKAGE, 'notify');
  const dispatch = ({ errors = [] }: Payload): boolean => {
    const [{ errorClass = 'Error', errorMessage = '' } = {}] = errors;
    void notify?.(`${errorClass}: ${errorMessage}`);
    return true;
  };
  return {
    configure: () => settings,
    configureAsync: () => Promise.resolve(settings),
    getPayloadInfo: () => info,
    getPayloadInfoAsync: () => Promise.resolve(info),
    dispatch,
    dispatchAsync: (payload: Payload) => Promise.resolve(dispatch(payload)),
    addListener: () => undefined,
    removeListeners: () => undefined,
    ...promising('updateUser updateContext updateGroupingDiscriminator updateCodeBundleId'),
    ...promising('addMetadata clearMetadata addFeatureFlag addFeatureFlags clearFeatureFlag'),
    ...promising('clearFeatureFlags leaveBreadcrumb startSession pauseSession resumeSession'),
    ...promising('resumeSessionOnStartup'),
  };
}

/** https://docs.bugsnag.com/platforms/react-native/react-native/ */
export const bugsnag: StandIn = {
  packageName: PACKAGE,
  keeps: 'nothing: what is reported is said, and sent nowhere',
  turbo: { BugsnagReactNative: createClient },
};
