import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const FILES = 100_000;
const PER_FOLDER = 100;

/** 100,000 source files beside the app's own, some levels deep, as in a repository of many packages. */
export function addFiles(folder: string): void {
  for (let index = 0; index < FILES / PER_FOLDER; index += 1) {
    // A tenth is the app's own.
    const above = index % 10 === 0 ? 'src' : join('packages', `p${index % 25}`, 'src');
    const path = join(folder, above, `f${index}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < PER_FOLDER; file += 1) {
      const value = index * PER_FOLDER + file;
      writeFileSync(join(path, `m${file}.ts`), `export const value = ${value};\n`);
    }
  }
}

export const SOURCES = 5000;

/** What an app of its own is made of. One file in 20 has something that checks look for. */
const OF_THE_APP = [
  {
    folder: 'ios/HelloWorld',
    extension: 'swift',
    plain: 'final class View: UIView {\n  func layout() { print("laid out") }\n}\n',
    searched:
      'import BackgroundTasks\nfunc plan() throws {\n  let request = BGProcessingTaskRequest(identifier: "dev.bgsync.processing")\n  try BGTaskScheduler.shared.submit(request)\n}\n',
  },
  {
    folder: 'android/app/src/main/java/com/helloworld',
    extension: 'kt',
    plain: 'class Screen {\n  fun show() { println("shown") }\n}\n',
    searched:
      'class Clean(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {\n  override suspend fun doWork() = Result.success()\n}\n',
  },
  {
    folder: 'src',
    extension: 'ts',
    plain: 'export const render = (name: string) => `Hello ${name}`;\n',
    searched:
      "import BackgroundFetch from 'react-native-background-fetch';\nexport const status = () => BackgroundFetch.status();\n",
  },
];

/** Swift, Kotlin and TypeScript where apps keep them, 4 KB each. */
export function addSources(folder: string): void {
  for (let index = 0; index < SOURCES; index += 1) {
    const { folder: own, extension, plain, searched } = OF_THE_APP[index % 3] ?? OF_THE_APP[0]!;
    const path = join(folder, own, `f${Math.floor(index / PER_FOLDER)}`);
    mkdirSync(path, { recursive: true });
    const text = plain.repeat(Math.ceil(4000 / plain.length));
    const head = index % 20 === 0 ? searched : '';
    writeFileSync(join(path, `m${index}.${extension}`), head + text);
  }
}
