/** Of react-native and NetInfo, what the libraries use in a window: bundled in their place. */
export const AppState = {
  currentState: 'background',
  addEventListener: () => ({ remove: () => undefined }),
};

export default {
  addEventListener: () => () => undefined,
  fetch: () => Promise.resolve({ isConnected: true, isInternetReachable: true }),
};
