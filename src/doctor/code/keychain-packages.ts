/** A package through which JavaScript stores items in the keychain of iOS. */
export interface Keychain {
  readonly name: string;
  readonly stores: readonly string[];
  readonly reads: readonly string[];
  /** Where the item's key stands among the arguments; undefined where there is none. */
  readonly keyArgument: number | undefined;
  /** Where its options do. */
  readonly optionsArgument: number;
  /** The option that says when the item can be read. */
  readonly option: string;
  /** What it is without the option, where that is for an unlocked device; undefined where it is not. */
  readonly fallback: string | undefined;
}

/** From the packages' sources: expo-secure-store 15.0, react-native-keychain 10.0, react-native-sensitive-info 5.5. */
export const KEYCHAINS: readonly Keychain[] = [
  {
    name: 'expo-secure-store',
    stores: ['setItemAsync', 'setItem'],
    reads: ['getItemAsync', 'getItem'],
    keyArgument: 0,
    optionsArgument: 2,
    option: 'keychainAccessible',
    fallback: 'WHEN_UNLOCKED, the default',
  },
  {
    name: 'react-native-keychain',
    stores: ['setGenericPassword', 'setInternetCredentials'],
    reads: ['getGenericPassword', 'getInternetCredentials'],
    keyArgument: undefined,
    optionsArgument: 2,
    option: 'accessible',
    fallback: undefined,
  },
  {
    name: 'react-native-sensitive-info',
    stores: ['setItem'],
    reads: ['getItem'],
    keyArgument: 0,
    optionsArgument: 2,
    option: 'kSecAttrAccessible',
    fallback: 'kSecAttrAccessibleWhenUnlocked, the default',
  },
  {
    name: '@aparajita/capacitor-secure-storage',
    stores: ['set', 'setItem'],
    reads: ['get', 'getItem'],
    keyArgument: 0,
    // Of `set(key, value, convertDate, sync, access)`.
    optionsArgument: 4,
    option: 'access',
    fallback: 'whenUnlocked, the default',
  },
];
