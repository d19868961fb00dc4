import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MODULE, appIn, testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { makeExpoFixture } from '../helpers/expo-app.ts';
import type { ExpoAppOptions } from '../helpers/expo-app.ts';
import { scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

/** Each step that bgsync leaves to a person is done as it is printed; then bgsync has nothing more to ask. */

interface Step {
  readonly path: string;
  readonly reason: string;
  readonly snippet: string;
  readonly action?: string;
}

/** What was printed for a file, which has to be one step, with that verb. */
type Printed = (path: string, action?: string) => string;

const printed =
  (steps: readonly Step[]): Printed =>
  (path, action = 'add') => {
    const found = steps.filter((step) => step.path === path);
    expect(found.map((step) => step.action ?? 'add')).toEqual([action]);
    return found[0]?.snippet ?? '';
  };

const stepsOf = (stdout: string): Step[] => (JSON.parse(stdout) as { manual: Step[] }).manual;

function expoApp(options: ExpoAppOptions = {}): TestApp {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  makeExpoFixture(root, options);
  return appIn(root);
}

/** Runs `init`, which leaves a step; after `mend` there is none, and the doctor is content. */
function isMended(app: TestApp, mend: (printed: Printed) => void, ...args: string[]): void {
  const first = app.run('init', '--yes', '--json', ...args);
  expect(first.code, first.stdout + first.stderr).toBe(3);
  mend(printed(stepsOf(first.stdout)));
  const second = app.run('init', '--yes', ...args);
  expect(second.code, second.stdout + second.stderr).toBe(0);
  const doctor = app.run('doctor');
  expect(doctor.code, doctor.stdout).toBe(0);
}

describe('Info.plist', () => {
  const PLIST = 'ios/HelloWorld/Info.plist';
  const MODES = '\t<key>UIBackgroundModes</key>\n\t<string>audio</string>\n';
  const TWICE = '\t<key>UIBackgroundModes</key>\n\t<array/>\n';
  const BACKGROUND = /\t<key>UIBackgroundModes<\/key>\n\t<(?:string>audio<\/string|array\/)>\n/g;

  test.each([
    ['with a string for the modes', MODES],
    ['with the modes twice', TWICE + TWICE],
  ])('%s', (_name, text) => {
    const app = testApp();
    app.rewrite(PLIST, (plist) => plist.replace('<dict>\n', `<dict>\n${text}`));
    isMended(app, (snippet) => {
      const entries = snippet(PLIST, 'replace');
      app.rewrite(PLIST, (plist) =>
        plist.replace(BACKGROUND, '').replace('<dict>\n', () => `<dict>\n${entries}\n`),
      );
    });
  });

  test('in a merge conflict', () => {
    const app = testApp();
    app.rewrite(PLIST, (plist) => plist.replace('<dict>\n', '<<<<<<< HEAD\n<dict>\n'));
    isMended(app, (snippet) => {
      const entries = snippet(PLIST);
      app.rewrite(PLIST, (plist) =>
        plist.replace('<<<<<<< HEAD\n', '').replace('<dict>\n', () => `<dict>\n${entries}\n`),
      );
    });
  });
});

describe('react-native.config.js', () => {
  const FILE = 'react-native.config.js';

  test.each([
    ['in a merge conflict', 'module.exports = {\n<<<<<<< HEAD\n};\n', 'add', '<<<<<<< HEAD\n'],
    [
      'with another package of that name',
      "module.exports = {\n  dependencies: {\n    'background-sync': { root: './x' },\n  },\n};\n",
      'replace',
      "  dependencies: {\n    'background-sync': { root: './x' },\n  },\n",
    ],
    [
      'with something behind the dependencies that may override them',
      'module.exports = {\n  dependencies: {},\n  ...require("./more"),\n};\n',
      'add',
      '  dependencies: {},\n',
    ],
  ])('%s', (_name, text, action, was) => {
    const app = testApp();
    app.write(FILE, text);
    app.write('more.js', 'module.exports = {};\n');
    isMended(app, (snippet) => {
      const property = snippet(FILE, action);
      app.rewrite(FILE, (config) =>
        config.replace(was, '').replace(/\};\n$/, () => `${property}\n};\n`),
      );
    });
  });

  test('that is empty', () => {
    const app = testApp();
    app.write(FILE, '');
    isMended(app, (snippet) => app.write(FILE, snippet(FILE)));
  });
});

describe('package.json', () => {
  test('with another bgsync', () => {
    const app = testApp();
    const other = '"bgsync": "^9.0.0"';
    app.rewrite('package.json', (text) =>
      text.replace('"devDependencies": {', `"devDependencies": {\n    ${other},`),
    );
    isMended(
      app,
      (snippet) => {
        const entry = snippet('package.json', 'replace');
        app.rewrite('package.json', (text) => text.replace(other, entry));
      },
      '--pin',
    );
  });

  test('with two lists of devDependencies', () => {
    const app = testApp();
    app.rewrite('package.json', (text) =>
      text.replace('"dependencies": {', '"devDependencies": {},\n  "dependencies": {'),
    );
    isMended(
      app,
      (snippet) => {
        const list = snippet('package.json').replace(/^[^{]*\{|\n\}$/g, '');
        app.rewrite('package.json', (text) =>
          text
            .replace('"devDependencies": {},\n  ', '')
            .replace('"devDependencies": {', () => `"devDependencies": {${list},`),
        );
      },
      '--pin',
    );
  });

  test('with two mains, of an app that a package starts', () => {
    const app = expoApp({ main: 'expo-router/entry' });
    const main = '"main": "expo-router/entry",\n';
    app.rewrite('package.json', (text) => text.replace(main, main + main));
    isMended(app, (snippet) => {
      const entry = snippet('package.json', 'replace');
      app.rewrite('package.json', (text) => text.replace(main + main, `${entry},\n`));
    });
  });
});

describe('the entry', () => {
  test('that is not there', () => {
    const app = testApp();
    app.remove('index.js');
    isMended(app, (snippet) => app.write('index.js', `${snippet('index.js')}\n`));
  });

  test('of a package, where an index file starts nothing', () => {
    const app = expoApp({
      main: 'expo-router/entry',
      files: { 'index.ts': 'export const nothing = 1;\n' },
    });
    isMended(app, (snippet) => {
      const [, entry = '', main = ''] =
        /^index\.ts:\n\n([^]*)\n\npackage\.json:\n\n(.*)$/.exec(snippet('package.json')) ?? [];
      app.write('index.ts', `${entry}\n`);
      app.rewrite('package.json', (text) => text.replace('"main": "expo-router/entry"', main));
    });
  });
});

describe('the app config', () => {
  const KEYS = /"infoPlist": [^]*?\n {6}\}/;

  test('that is the result of a call', () => {
    const config = "module.exports = withThings({\n  name: 'Demo',\n});\n";
    const app = expoApp({ files: { 'app.config.js': config } });
    isMended(app, (snippet) => {
      const plugins = snippet('app.config.js');
      app.rewrite('app.config.js', (text) => text.replace(/\}\);\n$/, () => `${plugins}\n});\n`));
    });
  });

  test('with something else for infoPlist', () => {
    const app = expoApp();
    const was = '"supportsTablet": true';
    app.rewrite('app.json', (text) => text.replace(was, `"infoPlist": "x", ${was}`));
    isMended(app, (snippet) => {
      const keys = KEYS.exec(snippet('app.json', 'replace'))?.[0] ?? '';
      app.rewrite('app.json', (text) => text.replace('"infoPlist": "x"', keys));
    });
  });

  test('in a merge conflict', () => {
    const app = expoApp();
    app.rewrite('app.json', (text) => `<<<<<<< HEAD\n${text}`);
    isMended(app, (snippet) => {
      const printedKeys = snippet('app.json');
      expect(Object.keys(JSON.parse(printedKeys) as object)).toEqual(['expo']);
      const keys = KEYS.exec(printedKeys)?.[0] ?? '';
      app.rewrite('app.json', (text) =>
        text
          .replace('<<<<<<< HEAD\n', '')
          .replace('"supportsTablet"', `${keys},\n"supportsTablet"`),
      );
    });
  });

  test('that is not there', () => {
    const app = expoApp();
    app.remove('app.json');
    isMended(app, (snippet) => app.write('app.json', snippet('app.json')));
  });
});

describe('after a change of the config', () => {
  const HANDLER = 'src/background-sync.ts';
  const setConfig = (app: TestApp, from: string, to: string): void =>
    app.rewrite('bgsync.config.json', (text) => text.replace(`"${from}"`, `"${to}"`));

  /** Runs `update`, which leaves a step; after `mend` there is none. */
  function isFollowed(app: TestApp, mend: (printed: Printed) => void): void {
    const first = app.run('update', '--yes', '--json');
    expect(first.code, first.stdout + first.stderr).toBe(3);
    mend(printed(stepsOf(first.stdout)));
    expect(app.run('update', '--yes')).toMatchObject({ code: 0 });
    const doctor = app.run('doctor');
    expect(doctor.code, doctor.stdout).toBe(0);
  }

  test('a handler that is to be elsewhere', () => {
    const app = testApp();
    app.init();
    setConfig(app, HANDLER, 'src/sync.ts');
    isFollowed(app, (snippet) => {
      expect(snippet('src/sync.ts')).toBe('');
      renameSync(join(app.root, HANDLER), join(app.root, 'src/sync.ts'));
    });
  });

  test('a handler in use, and a package that is to be elsewhere', () => {
    const app = testApp();
    app.init();
    app.rewrite(HANDLER, (text) => `${text}// mine\n`);
    setConfig(app, MODULE, 'packages/sync');
    isFollowed(app, (snippet) => {
      const lines = snippet(HANDLER, 'replace');
      app.rewrite(HANDLER, (text) =>
        text.replace(/(?:^import .* from '.*background-sync.*\n)+/m, `${lines}\n`),
      );
      expect(app.read(HANDLER)).toContain(
        "import type { SyncQueueService } from '../packages/sync/src'",
      );
    });
  });

  test('a generated file whose origin cannot be told', () => {
    const app = testApp();
    app.init();
    app.rewrite(`${MODULE}/src/core.ts`, (text) => `${text}// mine\n`);
    // The lock file has lost what was generated, and a newer bgsync would generate something else.
    app.rewrite(`${MODULE}/bgsync.lock.json`, (text) =>
      text.replace(
        /("src\/core\.ts": \{\s*"sha256": ")[^"]*(",\s*"base": ")[^"]*/,
        `$1${'0'.repeat(64)}$2`,
      ),
    );
    isFollowed(app, (snippet) => {
      expect(snippet(`${MODULE}/src/core.ts`)).toBe('');
      app.remove(`${MODULE}/src/core.ts`);
    });
  });
});

describe('remove', () => {
  /** Runs `remove`, which leaves a step; after `mend` the app is as it was, but for what is the user's. */
  function isGone(app: TestApp, mine: readonly string[], mend: (printed: Printed) => void): void {
    const before = readTree(app.root);
    const first = app.run('remove', '--yes', '--force', '--json');
    expect(first.code, first.stdout + first.stderr).toBe(3);
    mend(printed(stepsOf(first.stdout)));
    const after = readTree(app.root);
    for (const path of mine) expect(after.get(path)).toEqual(before.get(path));
    expect(after.has(`${MODULE}/bgsync.lock.json`)).toBe(false);
    const left = [...after].filter(([, text]) => /background-sync|dev\.bgsync/.test(String(text)));
    expect(left.map(([path]) => path).filter((path) => !mine.includes(path))).toEqual([]);
  }

  test('a line of ours that the user made more of', () => {
    const app = testApp();
    app.init();
    app.rewrite('index.js', (text) =>
      text.replace("import './src/background-sync';", "import './src/background-sync'; go();"),
    );
    isGone(app, [], (snippet) => {
      const line = snippet('index.js', 'remove');
      app.rewrite('index.js', (text) => {
        expect(text).toContain(line.trimEnd());
        return text.replace(line.trimEnd(), '');
      });
    });
  });

  test('a handler in use', () => {
    const app = testApp();
    const before = readTree(app.root);
    app.init();
    app.rewrite('src/background-sync.ts', (text) => `${text}export const mine = 1;\n`);
    isGone(app, [], (snippet) => {
      const lines = snippet('src/background-sync.ts', 'remove').split('\n');
      app.rewrite('src/background-sync.ts', (text) => {
        for (const line of lines) expect(text.split('\n')).toContain(line);
        return text
          .split('\n')
          .filter((line) => !lines.includes(line))
          .join('\n');
      });
    });
    expect(changedPaths(before, readTree(app.root))).toEqual(['src/background-sync.ts']);
  });
});
