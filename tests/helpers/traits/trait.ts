/** What one real-world project is like, and what `init` is to do in it. */
export interface Trait {
  /** Kebab-case; names the golden file. */
  readonly name: string;
  /** Makes the project in an empty folder. */
  readonly make: (root: string) => void;
  /** Where bgsync is run, relative to the root; the root by default. */
  readonly cwd?: string;
  /** Where the app is, relative to the root; `cwd` by default. */
  readonly app?: string;
  /** Flags of `init` besides `--yes`. */
  readonly args?: readonly string[];
  /** What `init` ends with: 0 done, 3 with manual steps, 2 refused (and nothing written). */
  readonly exit: 0 | 2 | 3;
  /** The app named the handler before `init` did: `remove`, which makes no such file stay, lists it and ends with 3. */
  readonly namesHandler?: true;
  /** What the repo's own commit hook does to its files after `init`: none of it is a change of the user's. */
  readonly commitHook?: (app: string) => void;
  /**
   * For 2 and 3: does by hand what bgsync printed. After it, `init` and `doctor` end with 0. Each printed snippet is
   * put in as the text that it is.
   */
  readonly byHand?: (app: string, steps: readonly PrintedStep[]) => void;
  /** The flags of `init` after `byHand`, where the refusal says to run it with others; `args` by default. */
  readonly argsAfter?: (root: string) => readonly string[];
}

export interface PrintedStep {
  readonly path: string;
  readonly reason: string;
  readonly snippet: string;
}
