/** Of react-native, NetInfo and AsyncStorage, what the libraries use in a window: bundled in their place. */
export const AppState = {
  currentState: 'background',
  addEventListener: () => ({ remove: () => undefined }),
};

const kept = new Map<string, string>();

export default {
  addEventListener: () => () => undefined,
  fetch: () => Promise.resolve({ isConnected: true, isInternetReachable: true }),
  multiGet: (keys: readonly string[]) =>
    Promise.resolve(keys.map((key) => [key, kept.get(key) ?? null])),
  setItem: (key: string, value: string) => Promise.resolve(void kept.set(key, value)),
  removeItem: (key: string) => Promise.resolve(void kept.delete(key)),
};
