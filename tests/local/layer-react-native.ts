/** Of react-native, what the libraries use in a window: bundled in its place. */
export const AppState = {
  currentState: 'background',
  addEventListener: () => ({ remove: () => undefined }),
};
export const Platform = {
  OS: 'android',
  select: <T>(of: { android?: T; default?: T }) => of.android ?? of.default,
};
export const NativeModules = {};
