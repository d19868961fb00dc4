/** What the generated TypeScript uses of React Native; the app-template suite checks it against the real declarations. */
declare module 'react-native' {
  export interface TurboModule {
    readonly getConstants?: () => object;
  }
  export const TurboModuleRegistry: { get<T extends TurboModule>(name: string): T | null };
  export const AppRegistry: {
    registerHeadlessTask(key: string, task: () => (data: unknown) => Promise<void>): void;
  };
  export const Platform: { readonly OS: string };
}
declare class AbortSignal {
  readonly aborted: boolean;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(): void;
}
declare const console: { warn(message: string): void };
declare function fetch(
  url: string,
  options: {
    readonly method: string;
    readonly signal: AbortSignal;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  },
): Promise<{ readonly ok: boolean; readonly status: number }>;
