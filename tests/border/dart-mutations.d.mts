export declare const DART_MUTATIONS: readonly {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}[];
