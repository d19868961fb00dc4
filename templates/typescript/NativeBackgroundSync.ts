/**
 * The native module, as React Native's codegen reads it. Every method is explained in `core.ts`.
 */
import type { TurboModule } from 'react-native';
import { Platform, TurboModuleRegistry } from 'react-native';

export interface Spec extends TurboModule {
  // `register` is a C++ keyword, and codegen makes C++ of these names.
  registerTask(switchOn: boolean, name: string): Promise<boolean>;
  cancel(name: string): Promise<void>;
  scheduleNext(delaySeconds: number, name: string): Promise<number>;
  configure(settings: string, name: string): Promise<boolean>;
  getStatus(name: string): Promise<string>;
  getHistory(limit: number): Promise<string>;
  nextRun(): Promise<string>;
  endedRun(after: number): Promise<string>;
  whenExpired(runId: string): Promise<string>;
  progress(runId: string, done: number, total: number): void;
  complete(
    runId: string,
    outcome: string,
    remaining: number,
    message: string,
  ): void;
  beginForeground(name: string): Promise<string>;
}

// `get`, not `getEnforcing`: where the app runs without the module (its own Jest, Expo Go) it must still start.
// react-native-web has no registry to ask.
export default Platform.OS === 'web'
  ? null
  : TurboModuleRegistry.get<Spec>('BackgroundSync');
