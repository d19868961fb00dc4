import { describe, expect, it } from 'vitest';
import type { NativeModule } from '../../../src/devices/local/react-native-stub.ts';
import { createReactNative } from '../../../src/devices/local/react-native-stub.ts';

const native = {} as NativeModule;
const load = (os: 'android' | 'ios') =>
  createReactNative(native, os) as Record<string, Record<string, (...args: unknown[]) => unknown>>;

describe('react-native without a screen', () => {
  it('has our native module and no other', () => {
    const { TurboModuleRegistry } = load('android');
    expect(TurboModuleRegistry!.get!('BackgroundSync')).toBe(native);
    expect(TurboModuleRegistry!.get!('Other')).toBeNull();
    expect(() => TurboModuleRegistry!.getEnforcing!('Other')).toThrow('Other');
  });

  it('selects as the platform does', () => {
    const choose = (os: 'android' | 'ios', choices: object): unknown =>
      load(os).Platform!.select!(choices);
    expect(choose('ios', { ios: 1, native: 2, default: 3 })).toBe(1);
    expect(choose('android', { ios: 1, native: 2, default: 3 })).toBe(2);
    expect(choose('android', { ios: 1, default: 3 })).toBe(3);
    expect(choose('android', { ios: 1 })).toBeUndefined();
  });

  it.each(['StyleSheet', 'Linking', 'SomethingNew'])('says what to do about %s', (name) => {
    expect(() => load('ios')[name]).toThrow(new RegExp(`react-native's ${name} .*local\\.alias`));
  });

  it('lets the language ask what it is', async () => {
    const module = load('ios');
    expect(module.__esModule).toBeUndefined();
    expect(await Promise.resolve(module)).toBe(module);
    // Compiled imports copy the names, not the values.
    expect(Object.getOwnPropertyNames(module)).toContain('StyleSheet');
  });
});
