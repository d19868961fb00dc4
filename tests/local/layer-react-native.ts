/** Of react-native, NetInfo and AsyncStorage, what the libraries use in a window: bundled in their place. */
export const AppState = {
  currentState: 'background',
  addEventListener: () => ({ remove: () => undefined }),
};

const kept = new Map<string, string>();
/** AsyncStorage answers both ways. */
const told = <T>(value: T, tell?: (error: null, value: T) => void): Promise<T> => {
  queueMicrotask(() => tell?.(null, value));
  return Promise.resolve(value);
};

export default {
  addEventListener: () => () => undefined,
  fetch: () =>
    Promise.resolve({ type: 'wifi', details: {}, isConnected: true, isInternetReachable: true }),
  multiGet: (keys: readonly string[]) => told(keys.map((key) => [key, kept.get(key) ?? null])),
  getAllKeys: (tell?: (error: null, keys: string[]) => void) => told([...kept.keys()], tell),
  getItem: (key: string, tell?: (error: null, value: string | null) => void) =>
    told(kept.get(key) ?? null, tell),
  setItem: (key: string, value: string) => told(void kept.set(key, value)),
  removeItem: (key: string) => told(void kept.delete(key)),
};
