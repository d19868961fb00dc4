/** Situations that doctor does not judge rightly yet: each fails once it does. */
export const OPEN: ReadonlySet<string> = new Set<string>([
  'F07: the plugin of the library is missing',
  'F07: processing without ids',
  'the mode of expo-background-fetch',
  'react-native-background-fetch without its plugin',
  'a dynamic config without the plugin',
  'a dynamic config that cannot be told',
  'sound: a plugin of the app that may do anything',
]);
