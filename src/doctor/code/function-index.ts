import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { functionsOf } from './apple-functions.ts';
import type { AppleFunction } from './apple-functions.ts';

/** A source beyond it is generated, or hostile; in UTF-16 units. */
const LARGEST_SOURCE = 200_000;

/** The Swift and Objective-C sources of the app. */
export async function appleSources(repo: DoctorRepo): Promise<readonly SourceFile[]> {
  const [swift, objc] = await Promise.all([repo.sources('swift'), repo.sources('objc')]);
  return [...swift, ...objc].filter(({ text }) => text.length <= LARGEST_SOURCE);
}

/** Those that have one of these texts. */
export async function appleSourcesContaining(
  repo: DoctorRepo,
  needles: readonly string[],
): Promise<readonly SourceFile[]> {
  const [swift, objc] = await Promise.all([
    repo.sourcesContaining('swift', needles),
    repo.sourcesContaining('objc', needles),
  ]);
  return [...swift, ...objc].filter(({ text }) => text.length <= LARGEST_SOURCE);
}

const indexes = new WeakMap<DoctorRepo, Promise<FunctionIndex>>();

/**
 * The functions of the Swift and Objective-C sources by their names. Two of the same name are not told apart: what is
 * reached through it is more than what is called, never less.
 */
export class FunctionIndex {
  private readonly files = new Map<string, Set<SourceFile>>();

  private constructor(sources: readonly SourceFile[]) {
    for (const file of sources) {
      // Only a file whose functions are asked for is masked.
      for (const match of file.text.matchAll(
        /\bfunc\s+`?(\w+)|^[-+][ \t]*\([^()\n]*\)\s*(\w+)|^\w[\w \t*]{0,80}[ \t*](\w+)\s*\([^(){};]{0,300}\)\s*\{/gm,
      )) {
        const name = match[1] ?? match[2] ?? match[3] ?? '';
        const known = this.files.get(name);
        if (known === undefined) this.files.set(name, new Set([file]));
        else known.add(file);
      }
    }
  }

  /** Made once for a repo. */
  static of(repo: DoctorRepo): Promise<FunctionIndex> {
    const known = indexes.get(repo) ?? appleSources(repo).then((files) => new FunctionIndex(files));
    indexes.set(repo, known);
    return known;
  }

  named(name: string): AppleFunction[] {
    return [...(this.files.get(name) ?? [])].flatMap((file) =>
      functionsOf(file).filter((one) => one.name === name),
    );
  }

  /**
   * The functions whose names stand in some code, and those whose names stand in these, and so on.
   *
   * @param codeOf what counts of a function; its body
   */
  reachable(code: string, codeOf = bodyOf): AppleFunction[] {
    const found = new Set<AppleFunction>();
    const seen = new Set<string>();
    const texts = [code];
    for (let text = texts.pop(); text !== undefined; text = texts.pop()) {
      for (const [word] of text.matchAll(/\b[A-Za-z_]\w*/g)) {
        if (seen.has(word)) continue;
        seen.add(word);
        for (const one of this.named(word)) {
          found.add(one);
          texts.push(codeOf(one));
        }
      }
    }
    return [...found];
  }
}

/** The code of a function's body. */
export const bodyOf = ({ file, body }: AppleFunction): string =>
  file.code.slice(body.start, body.end);
