import type { RunnableCheck } from '../run.ts';
import type { ToolBench } from './bench.ts';
import { expoConfig } from './expo-config.ts';
import { expoManifest } from './expo-manifest.ts';
import { reactNativeConfig } from './react-native-config.ts';

/** What `doctor --run-tools` adds, which runs code of the app’s own: checks of what its tools say. */
export const TOOL_CHECKS: readonly RunnableCheck<ToolBench>[] = [
  reactNativeConfig,
  expoConfig,
  expoManifest,
];
