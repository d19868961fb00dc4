interface Mutation {
  readonly name: string;
  /** The end of a path in the plugin. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export declare const MUTATIONS: readonly Mutation[];
export declare const KOTLIN_MUTATIONS: readonly Mutation[];
export declare const SWIFT_MUTATIONS: readonly Mutation[];
