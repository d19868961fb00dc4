/** What packages of Expo import: `expo-modules-core` as far as it means something without a screen. */
import { randomUUID } from 'node:crypto';

import type { OnCall } from '../unplayed.ts';
import { createUnplayedMember, insteadOf } from '../unplayed.ts';

type Listener = (...args: unknown[]) => void;

class EventEmitter {
  private readonly listeners = new Map<string, Set<Listener>>();

  addListener(type: string, listener: Listener): { remove: () => void } {
    const known = this.listeners.get(type) ?? new Set<Listener>();
    this.listeners.set(type, known.add(listener));
    return { remove: () => void known.delete(listener) };
  }

  removeListener(type: string, listener: Listener): void {
    this.listeners.get(type)?.delete(listener);
  }

  removeAllListeners(type: string): void {
    this.listeners.delete(type);
  }

  emit(type: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(type) ?? []) listener(...args);
  }

  listenerCount(type: string): number {
    return this.listeners.get(type)?.size ?? 0;
  }
}

class NativeModule extends EventEmitter {}
class SharedObject extends EventEmitter {
  release(): void {
    this.removeAllListeners('');
  }
}
class SharedRef extends SharedObject {}

class CodedError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

class UnavailabilityError extends CodedError {
  constructor(moduleName: string, name: string) {
    super('ERR_UNAVAILABLE', `The method or property ${moduleName}.${name} is not available`);
  }
}

/**
 * @param enforce gives the native module that a package cannot be without
 * @returns a module that stands for `expo-modules-core` and, with the same parts, for `expo`
 */
export function createExpoModulesCore(
  find: (name: string) => object | undefined,
  os: 'android' | 'ios',
  enforce: (name: string) => object,
  onCall: OnCall,
): object {
  const requireOptionalNativeModule = (name: string): object | null => find(name) ?? null;
  const modules = new Proxy(
    {},
    { get: (_, name) => (typeof name === 'string' ? find(name) : undefined) },
  );
  const uuid = { v4: () => randomUUID() };
  Object.assign(globalThis, {
    expo: { modules, EventEmitter, NativeModule, SharedObject, SharedRef, uuidv4: uuid.v4 },
  });
  const others = createUnplayedMember('expo', onCall, { advice: insteadOf('expo') });
  const core = {
    requireNativeModule: enforce,
    requireOptionalNativeModule,
    NativeModulesProxy: modules,
    EventEmitter,
    LegacyEventEmitter: EventEmitter,
    NativeModule,
    SharedObject,
    SharedRef,
    CodedError,
    UnavailabilityError,
    uuid,
    PermissionStatus: { DENIED: 'denied', GRANTED: 'granted', UNDETERMINED: 'undetermined' },
    createPermissionHook: () => () => [
      null,
      () => Promise.resolve(null),
      () => Promise.resolve(null),
    ],
    Platform: {
      OS: os,
      isDOMAvailable: false,
      canUseEventListeners: false,
      canUseViewport: false,
      isAsyncDebugging: false,
      select: (choices: Record<string, unknown>) =>
        choices[os] ?? choices.native ?? choices.default,
    },
    registerWebModule: (module: unknown) => module,
    registerRootComponent: () => undefined,
    isRunningInExpoGo: () => false,
    reloadAppAsync: () => Promise.resolve(),
  };
  // With components and hooks, of which nothing is of use here.
  return Object.setPrototypeOf(core, others) as object;
}
