import { describe, expect, it, vi } from 'vitest';
import type { NativeModule } from '../../../src/devices/local/react-native-stub.ts';
import {
  createReactNative,
  createReactNativeFiles,
  emitNativeEvent,
} from '../../../src/devices/local/react-native-stub.ts';

const native = {} as NativeModule;
const load = (os: 'android' | 'ios') =>
  createReactNative(native, os) as Record<string, Record<string, (...args: unknown[]) => unknown>>;

describe('react-native without a screen', () => {
  it('has our native module and no other', () => {
    const { TurboModuleRegistry } = load('android');
    expect(TurboModuleRegistry!.get!('BackgroundSync')).toBe(native);
    expect(TurboModuleRegistry!.get!('Other')).toBeNull();
    // A package that enforces its module is loaded: what of it is used fails.
    const other = TurboModuleRegistry!.getEnforcing!('Other') as Record<string, () => unknown>;
    expect(other.addListener!()).toEqual({ remove: expect.any(Function) as unknown });
    expect(other.onSent!()).toEqual({ remove: expect.any(Function) as unknown });
    expect(() => other.send!()).toThrow('the native module Other.send does not exist');
    expect(() => String(other.VERSION)).toThrow('the native module Other.VERSION');
    expect(() => JSON.stringify(other)).not.toThrow();
    expect(() => JSON.stringify({ v: other.VERSION })).toThrow('the native module Other.VERSION');
  });

  it('selects as the platform does', () => {
    const choose = (os: 'android' | 'ios', choices: object): unknown =>
      load(os).Platform!.select!(choices);
    expect(choose('ios', { ios: 1, native: 2, default: 3 })).toBe(1);
    expect(choose('android', { ios: 1, native: 2, default: 3 })).toBe(2);
    expect(choose('android', { ios: 1, default: 3 })).toBe(3);
    expect(choose('android', { ios: 1 })).toBeUndefined();
  });

  it('says what to do about an export that nobody knows', () => {
    const { SomethingNew } = load('ios');
    expect(SomethingNew).toThrow(/react-native\.SomethingNew .*local\.alias/);
  });

  it('lets the rest be read while a module is loaded, and not be used', () => {
    const { Share, useColorScheme } = load('ios');
    expect(() => Share!.share!({})).toThrow(/react-native\.Share\.share .*local\.alias/);
    expect(useColorScheme).toThrow(/react-native\.useColorScheme .*local\.alias/);
  });

  it('goes on where a phone without a screen does', async () => {
    const warn = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { Alert, ToastAndroid, PermissionsAndroid } = load('android');
    Alert!.alert!('Sync', 'failed', [{ text: 'OK' }]);
    ToastAndroid!.show!('failed', ToastAndroid!.SHORT);
    expect(warn.mock.calls).toEqual([
      ['Alert “Sync: failed”: nobody sees it in the background.\n'],
      ['Toast “failed”: nobody sees it in the background.\n'],
    ]);
    warn.mockRestore();
    const { CAMERA } = PermissionsAndroid!.PERMISSIONS as unknown as Record<string, string>;
    expect(CAMERA).toBe('android.permission.CAMERA');
    expect(await PermissionsAndroid!.check!(CAMERA)).toBe(false);
    expect(() => PermissionsAndroid!.request!(CAMERA)).toThrow('PermissionsAndroid.request');
  });

  it('lets the language ask what it is', async () => {
    const module = load('ios');
    expect(module.__esModule).toBeUndefined();
    expect(await Promise.resolve(module)).toBe(module);
    // Compiled imports copy the names, not the values.
    expect(Object.getOwnPropertyNames(module)).toContain('Alert');
  });

  it('lets what is for a screen be defined, and not be used', () => {
    const { StyleSheet, View, Linking, Animated } = load('ios');
    expect(StyleSheet!.flatten!([{ a: 1 }, [{ b: 2 }, undefined]])).toEqual({ a: 1, b: 2 });
    const construct = (): unknown => Reflect.construct(View as unknown as () => void, []);
    expect(construct).toThrow('react-native.View');
    expect(() => Linking!.openURL!('https://example.com')).toThrow('react-native.Linking.openURL');
    expect(() => Animated!.timing!()).toThrow('react-native.Animated.timing');
  });

  it('gives its parts to who imports their files', () => {
    const module = load('android');
    const fileOf = createReactNativeFiles(module) as (path: string) => Record<string, unknown>;
    // The default export from 0.79 on, and the exports themselves before; names beside it.
    const registry = fileOf('Libraries/TurboModule/TurboModuleRegistry');
    expect(registry.get).toBe(module.TurboModuleRegistry!.get);
    expect(fileOf('Libraries/BatchedBridge/NativeModules.js').default).toBe(module.NativeModules);
    expect(fileOf('Libraries/Utilities/Platform').OS).toBe('android');
    const Emitter = fileOf('Libraries/vendor/emitter/EventEmitter');
    expect(Emitter.default).toBe(Emitter);
    expect(Emitter).not.toBe(module.NativeEventEmitter);
    expect(fileOf('Libraries/Promise')).toBeUndefined();
    expect(fileOf('Libraries/Share/Share')).toBeUndefined();
    expect(fileOf('package.json')).toBeUndefined();
  });

  it('hands the events of native modules to every listener of theirs, and to no other emitter', () => {
    const module = load('android');
    const fileOf = createReactNativeFiles(module) as (path: string) => unknown;
    type Emitters = new () => { addListener(type: string, run: (body: unknown) => void): object };
    const NativeEventEmitter = module.NativeEventEmitter as unknown as Emitters;
    const Plain = fileOf('Libraries/vendor/emitter/EventEmitter') as Emitters;
    const heard: string[] = [];
    const listen = (who: string) => (body: unknown) => heard.push(`${who} ${String(body)}`);
    const first = new NativeEventEmitter().addListener('Sent', listen('first')) as {
      remove(): void;
    };
    new NativeEventEmitter().addListener('Sent', listen('second'));
    module.DeviceEventEmitter!.addListener!('Sent', listen('device'));
    new Plain().addListener('Sent', listen('plain'));
    emitNativeEvent('Sent', 1);
    first.remove();
    emitNativeEvent('Sent', 2);
    emitNativeEvent('Other', 3);
    expect(heard).toEqual(['first 1', 'second 1', 'device 1', 'second 2', 'device 2']);
  });
});
