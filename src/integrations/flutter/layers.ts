import type { Config, Platform } from '../../config.ts';
import type { HostLayer } from '../host.ts';

/** Where SwiftPM and the podspec look for the Swift of the plugin, in the package. */
const SWIFT = 'ios/background_sync/Sources/background_sync/';

const NATIVE: Record<Platform, readonly HostLayer[]> = {
  android: [{ layer: 'android' }, { layer: 'flutter-android' }],
  ios: [{ layer: 'ios', folder: SWIFT }, { layer: 'flutter-ios' }, { layer: 'flutter-ios-pod' }],
};

/** The local plugin of a Flutter app. */
export const flutterLayers = ({
  platforms,
  queue,
}: Pick<Config, 'platforms' | 'queue'>): HostLayer[] => [
  { layer: 'package' },
  { layer: 'flutter' },
  ...(queue === 'none' ? [] : [{ layer: 'flutter-queue' } as const]),
  ...(queue === 'drift' ? [{ layer: 'flutter-queue-drift' } as const] : []),
  ...platforms.flatMap((name) => NATIVE[name]),
];
