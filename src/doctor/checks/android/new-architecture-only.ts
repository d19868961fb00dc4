import { runsReactNative } from '../../../project/host.ts';
import { REACT_NATIVE } from '../../../facts.ts';
import { isAtLeast } from '../../../versions.ts';
import type { Check } from '../../check.ts';
import { dependencyOf } from '../../evidence.ts';

export const newArchitectureOnly: Check = {
  id: 'A25',
  title: 'newArchEnabled=false is heeded',
  severity: 'warning',
  why: 'From React Native 0.82 on it is ignored: the app runs on the New Architecture, where background code of the old one (ReactNativeHost, the bridge) does not work.',
  source: 'https://reactnative.dev/blog/2025/10/08/react-native-0.82',
  fix: 'Take the line out, and check that the app’s background libraries support the New Architecture.',
  explain: [
    'React Native 0.82 and later have the New Architecture alone; newArchEnabled=false in android/gradle.properties changes nothing, but for a warning in the build’s output. Who relies on it meets libraries that start JavaScript in the background through ReactNativeHost, which throws there.',
    'Take the line out, so that the file says what is true, and try each background task once on a device.',
  ].join('\n\n'),
  appliesTo: runsReactNative,
  async run(repo) {
    const property = (await repo.androidBuild())?.properties.get('newArchEnabled');
    if (property?.value !== 'false') return [];
    const version = await repo.version('react-native');
    if (version === undefined || !isAtLeast(version, REACT_NATIVE.newArchitectureOnly)) return [];
    const message = `newArchEnabled=false has no effect in React Native ${(await repo.versionText('react-native')) ?? version}`;
    const evidence = [await dependencyOf(repo, 'react-native')];
    return [{ file: property.file, line: property.line, message, evidence }];
  },
};
