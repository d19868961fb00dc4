import type { Ecosystem } from './ecosystem.ts';
import { flutterApps } from './flutter-apps.ts';
import { javaScriptApps } from './javascript-apps.ts';

/** Every ecosystem that bgsync finds apps of; where a folder has the markers of several, the first comes first. */
export const ECOSYSTEMS: readonly Ecosystem[] = [javaScriptApps, flutterApps];
