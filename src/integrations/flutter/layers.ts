import type { Config, Platform } from '../../config.ts';
import type { HostLayer } from '../host.ts';

/** Where SwiftPM and the podspec look for the Swift of the plugin, in the package. */
const SWIFT = 'ios/background_sync/Sources/background_sync/';

const NATIVE: Record<Platform, readonly HostLayer[]> = {
  android: [{ layer: 'android' }, { layer: 'flutter-android' }],
  ios: [{ layer: 'ios', folder: SWIFT }, { layer: 'flutter-ios' }, { layer: 'flutter-ios-pod' }],
};

const RETIRED: Record<Platform, readonly HostLayer[]> = {
  android: [{ layer: 'retired-android' }, { layer: 'retired-flutter-android' }],
  ios: [{ layer: 'retired-ios', folder: SWIFT }, { layer: 'retired-flutter-ios' }],
};

/** The plugin that only cancels what the full one scheduled. */
export const retiredFlutterLayers = (platforms: readonly Platform[]): HostLayer[] => [
  { layer: 'retired' },
  ...platforms.flatMap((name) => RETIRED[name]),
];

/**
 * What a retired plugin keeps of the full one. The Dart stays as it is: without the native side it does nothing, and what
 * imports it goes on compiling.
 */
export const KEPT_WHEN_RETIRED =
  /^(?:pubspec\.yaml|config\.schema\.json|lib\/.*|android\/build\.gradle|ios\/.*(?:\.podspec|Package\.swift|_launch\/.*))$/;

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
