import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run, runBeside } from './shell.mjs';

/** What SwiftPM passes to the compiler's driver, and one job over one file has no use for: by how many values follow. */
const NOT_FOR_ONE_FILE = {
  '-emit-module': 0,
  '-emit-module-path': 1,
  '-emit-dependencies': 0,
  '-output-file-map': 1,
  '-index-store-path': 1,
  '-incremental': 0,
  '-enable-batch-mode': 0,
  '-parseable-output': 0,
};

/** A line of `-driver-print-jobs`: words, quoted as for a shell where they have to be. */
const wordsOf = (line) =>
  [...line.matchAll(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, (_, single, double, one) => single ?? double ?? one),
  );

/**
 * Mutants of the generated module beside what SwiftPM has built: the changed file is compiled alone, by the compiler's own
 * job for it, and linked with the objects of all others. SwiftPM itself would compile all tests again, for the module's
 * interface is newer.
 *
 * The objects of the others stay right as long as a mutation changes bodies alone: a name or type that others use would
 * be missing when they are linked.
 */
export class Mutants {
  #context;
  #scratch;
  #lanes = new Set();
  #driver;
  #jobs = new Map();
  #linkArguments;

  /**
   * @param context with the folder `build`
   * @param {string} scratch in `build`, where the behaviour has been built
   */
  constructor(context, scratch = 'swiftpm') {
    this.#context = context;
    this.#scratch = scratch;
    const plan = readFileSync(join(context.build, scratch, 'debug.yaml'), 'utf8');
    const argumentsOf = (description) => {
      const found = new RegExp(`description: "${description}.*"\n +args: (\\[.*\\])`).exec(plan);
      if (found === null) throw new Error(`SwiftPM's plan has no step "${description}"`);
      return JSON.parse(found[1]).slice(1);
    };
    this.#linkArguments = argumentsOf('Linking \\S+/behaviour');
    const given = argumentsOf("Compiling Swift Module 'BackgroundSync'");
    const driver = [];
    for (let index = 0; index < given.length; index++) {
      const values = NOT_FOR_ONE_FILE[given[index]];
      if (values === undefined) driver.push(given[index]);
      else index += values;
    }
    this.#driver = driver;
    const { status, output } = run('swiftc', [...driver, '-driver-print-jobs'], {
      cwd: context.here,
    });
    if (status !== 0) throw new Error(`The compiler does not say its jobs:\n${output}`);
    for (const line of output.split('\n')) {
      const words = wordsOf(line);
      const primary = words[words.indexOf('-primary-file') + 1];
      if (words.includes('-primary-file')) this.#jobs.set(primary, words.slice(1));
    }
  }

  /** A build folder for one lane, for `swift run --skip-build`. @returns its name in `build` */
  #openLane(number) {
    const name = `${this.#scratch}-mutant-${number}`;
    if (!this.#lanes.has(name)) {
      const scratch = join(this.#context.build, name);
      rmSync(scratch, { recursive: true, force: true });
      cpSync(join(this.#context.build, this.#scratch), scratch, {
        recursive: true,
        verbatimSymlinks: true,
      });
      this.#lanes.add(name);
    }
    return name;
  }

  /**
   * Builds a mutant in the place of the one before it in the same lane.
   *
   * @param {string} path the file of the package that is changed
   * @param {string} text what it is to hold
   * @param {number} number of the lane
   * @returns {Promise<{ status: number, output: string, scratch: string }>} of the compiler, or of the linker, and the build
   *   folder, by its name in `build`, for `swift run --skip-build`
   */
  async build(path, text, number = 0) {
    const lane = this.#openLane(number);
    const job = this.#jobs.get(path);
    if (job === undefined) throw new Error(`The compiler has no job for ${path}`);
    const folder = join(this.#context.build, lane, 'mutant');
    mkdirSync(folder, { recursive: true });
    // Of the same name: the compiler mangles it into what is private to the file.
    const file = join(folder, basename(path));
    writeFileSync(file, text);
    const object = `${file}.o`;
    const words = job.map((word) => (word === path ? file : word));
    words[words.lastIndexOf('-o') + 1] = object;
    const compiled = await runBeside('swiftc', words, { cwd: this.#context.here });
    if (compiled.status !== 0) return { ...compiled, scratch: lane };
    return this.#link(lane, new Map([[path, object]]));
  }

  /**
   * Builds the module as it is in language mode 5, in the place of a mutant. Its interface is that of mode 6 by one feature
   * of that, which is of types alone: a closure of a global actor is `@Sendable`.
   * https://github.com/swiftlang/swift-evolution/blob/main/proposals/0434-global-actor-isolated-types-usability.md
   *
   * @returns {Promise<{ status: number, output: string, scratch: string }>} as {@link build}
   */
  async buildInMode5() {
    const lane = this.#openLane(0);
    const folder = join(this.#context.build, lane, 'mutant');
    mkdirSync(folder, { recursive: true });
    const map = join(folder, 'output-file-map.json');
    const objects = [...this.#jobs.keys()].map((path) => [
      path,
      join(folder, `${basename(path)}.o`),
    ]);
    writeFileSync(
      map,
      JSON.stringify(Object.fromEntries(objects.map(([path, object]) => [path, { object }]))),
    );
    const words = [
      ...[...this.#driver, '-enable-batch-mode', '-output-file-map', map],
      ...['-enable-upcoming-feature', 'GlobalActorIsolatedTypesUsability'],
    ];
    words[words.indexOf('-swift-version') + 1] = '5';
    const compiled = await runBeside('swiftc', words, { cwd: this.#context.here });
    if (compiled.status !== 0) return { ...compiled, scratch: lane };
    return this.#link(lane, new Map(objects));
  }

  /** Links with these objects, by their sources, in the place of SwiftPM's. */
  async #link(lane, ofPaths) {
    const folder = join(this.#context.build, lane, 'mutant');
    const ours = (word) => word.replaceAll(`build/${this.#scratch}/`, `build/${lane}/`);
    const list = this.#linkArguments.find((word) => word.startsWith('@')).slice(1);
    let objects = readFileSync(list, 'utf8').split('\n');
    for (const [path, object] of ofPaths) {
      const original = `BackgroundSync.build/${basename(path)}.o`;
      const others = objects.filter((one) => !one.replace(/'$/, '').endsWith(original));
      if (others.length === objects.length) throw new Error(`SwiftPM links no ${original}`);
      objects = [object, ...others];
    }
    const ourList = join(folder, 'Objects.LinkFileList');
    writeFileSync(ourList, objects.map(ours).join('\n'));
    const linked = await runBeside(
      'swiftc',
      this.#linkArguments.map((word) => (word === `@${list}` ? `@${ourList}` : ours(word))),
      { cwd: this.#context.here },
    );
    return { ...linked, scratch: lane };
  }
}
