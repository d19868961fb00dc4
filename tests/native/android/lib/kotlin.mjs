import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesUnder } from './package.mjs';
import { ToolServer } from './tool-server.mjs';
import { BUILD, hash, npmPackage } from './tools.mjs';

/** A Kotlin compiler of one version, started when it is first needed and kept warm until {@link close}. */
export class KotlinCompiler {
  #server;

  constructor(version) {
    this.version = version;
    this.home = npmPackage(`kotlin-${version}`);
    this.stdlib = join(this.home, 'lib/kotlin-stdlib.jar');
  }

  #start() {
    const lib = join(this.home, 'lib');
    const jars = readdirSync(lib).filter((name) =>
      /^(kotlin-(compiler|stdlib|script-runtime|reflect|daemon-client)|trove4j|annotations-13.0|kotlinx-coroutines-core-jvm)\.jar$/.test(
        name,
      ),
    );
    return new ToolServer(jars.map((name) => join(lib, name)));
  }

  /**
   * Compiles with warnings as errors.
   *
   * @returns {Promise<string>} what the compiler said, '' where all is well
   */
  async compile({ sources, classpath, out, module = 'background-sync', friend, lenient = false }) {
    this.#server ??= this.#start();
    rmSync(out, { recursive: true, force: true });
    mkdirSync(dirname(out), { recursive: true });
    const { answer, output } = await this.#server.run(
      'org.jetbrains.kotlin.cli.jvm.K2JVMCompiler#exec',
      [
        '-d',
        out,
        '-classpath',
        classpath.join(':'),
        '-kotlin-home',
        this.home,
        '-no-stdlib',
        '-no-reflect',
        '-jvm-target',
        '17',
        '-module-name',
        module,
        ...(lenient ? ['-nowarn'] : ['-Werror', '-progressive']),
        ...(friend === undefined ? [] : [`-Xfriend-paths=${friend}`]),
        ...sources,
      ],
    );
    return answer === 'OK' ? '' : output.trim() || `the compiler ended with ${answer}`;
  }

  /** Compiles unless `out` is the result of the same sources, class path and compiler. */
  async compileOnce(options) {
    const stamp = `${options.out}.stamp`;
    const wanted = hash(
      this.version,
      JSON.stringify(options),
      ...[
        ...options.sources,
        ...options.classpath
          .filter((path) => path.startsWith(BUILD))
          .flatMap((path) => filesUnder(path, '.class')),
      ].map((path) => readFileSync(path)),
    );
    if (existsSync(options.out) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted)
      return { errors: '', cached: true };
    const errors = await this.compile(options);
    if (errors === '') writeFileSync(stamp, wanted);
    return { errors, cached: false };
  }

  close() {
    this.#server?.close();
    this.#server = undefined;
  }
}
