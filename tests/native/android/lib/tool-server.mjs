import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BUILD, HERE } from './tools.mjs';

const END = 'BGSYNC-TOOL-END ';

let servers = 0;

/** One JVM for many runs of tools, started when it is first needed and kept warm until {@link close}. */
export class ToolServer {
  #jvm;
  #answers;
  #name = `tools-${process.pid}-${servers++}`;
  #count = 0;
  #last = Promise.resolve();

  /** @param {readonly string[]} classpath where tools beside those of the JDK are */
  constructor(classpath = []) {
    this.classpath = classpath;
  }

  #start() {
    this.#jvm = spawn(
      'java',
      [
        '-Xmx1500m',
        '-XX:+UseSerialGC',
        // No tool runs for long enough to pay for the optimizing compiler: with it Kotlin's takes twice the processor time.
        '-XX:TieredStopAtLevel=1',
        // Without the other compiler the default is a fifth of this, which ten compilations fill.
        '-XX:ReservedCodeCacheSize=240m',
        ...(this.classpath.length === 0 ? [] : ['-cp', this.classpath.join(':')]),
        join(HERE, 'lib/ToolServer.java'),
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    this.#answers = createInterface(this.#jvm.stdout)[Symbol.asyncIterator]();
  }

  /**
   * @param {string} tool of the JDK by its name, or `class#method`
   * @param {readonly string[]} args
   * @returns {Promise<{ answer: string, output: string }>} `OK` or what the tool ended with, and what it said
   */
  run(tool, args) {
    const result = this.#last.then(() => this.#run(tool, args));
    this.#last = result.catch(() => {});
    return result;
  }

  async #run(tool, args) {
    if (this.#jvm === undefined) this.#start();
    mkdirSync(BUILD, { recursive: true });
    const job = join(BUILD, `${this.#name}-${this.#count++}.job`);
    writeFileSync(job, [tool, ...args].join('\n'));
    this.#jvm.stdin.write(`${job}\n`);
    const answer = await this.#answer();
    const said = `${job}.out`;
    const output = existsSync(said) ? readFileSync(said, 'utf8') : '';
    for (const file of [job, said]) rmSync(file, { force: true });
    return { answer, output };
  }

  async #answer() {
    for (;;) {
      const { value: line, done } = await this.#answers.next();
      if (done) return 'the end of its JVM';
      if (line.startsWith(END)) return line.slice(END.length);
      console.error(line);
    }
  }

  /** @returns what the tool said @throws where it fails */
  async check(tool, args) {
    const { answer, output } = await this.run(tool, args);
    if (answer !== 'OK')
      throw new Error(`${tool} ${args.slice(0, 4).join(' ')} … ended with ${answer}\n${output}`);
    return output;
  }

  close() {
    this.#jvm?.stdin.end();
    this.#jvm = undefined;
  }
}

const ofJdk = new ToolServer();

/** Runs javac, javap or jar. @returns what it said @throws where it fails */
export const jdk = (tool, args) => ofJdk.check(tool, args);

export const closeJdk = () => ofJdk.close();
