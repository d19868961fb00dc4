import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { REPO, makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';
import { write } from '../helpers/traits/files.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';
import { shareOf } from '../share.mjs';

/** The recipes of CONTRIBUTING.md, each followed to its end in a copy of the repo. */

const copy = scratchFolder();
const app = scratchFolder();

beforeAll(() => {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: REPO, encoding: 'utf8' });
  const needed =
    /^(?:(?:src|bin|templates|docs)\/|tests\/(?:unit|helpers|setup|doctor|vectors|golden\/\w)|[^/]+$)/;
  for (const path of tracked.split('\0').filter((one) => needed.test(one)))
    cpSync(join(REPO, path), join(copy, path));
  symlinkSync(join(REPO, 'node_modules'), join(copy, 'node_modules'));
  makeTemplateApp('0.87', app);
  return () => {
    for (const folder of [copy, app]) rmSync(folder, { recursive: true, force: true });
  };
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
}

function run(program: string, args: readonly string[], cwd = copy): Ended {
  const env = { ...process.env, NO_COLOR: '1' };
  try {
    return {
      code: 0,
      stdout: execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: 'pipe' }),
    };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, stdout: stdout + stderr };
  }
}

const node = (...args: readonly string[]): Ended => run(process.execPath, args);
const vitest = (...args: readonly string[]): Ended =>
  node('node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', ...args);
const bgsync = (...args: readonly string[]): Ended =>
  run(process.execPath, [join(copy, 'bin/bgsync.js'), ...args], app);

function change(path: string, from: string, to: string): void {
  const file = join(copy, path);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(
    file,
    text.replace(from, () => to),
  );
}

const read = (path: string): string => readFileSync(join(copy, path), 'utf8');

/** The numbered steps of a recipe, as CONTRIBUTING.md has them. */
function stepsOf(what: string): string[] {
  const section = read('CONTRIBUTING.md')
    .split(/^## /m)
    .find((one) => one.startsWith(`Add ${what}\n`) || one.startsWith(`Add ${what} `));
  return (section ?? '').split(/^\d\. /m).slice(1);
}

/** Each runs suites, the compiler and builds of its own, one after the other. */
const SLOW = { timeout: 400_000 };

const played = shareOf(['a check', 'a command', 'a host'], 'recipes');
/** A recipe, by what it adds. */
const recipe = (what: string, follow: () => void): void =>
  void describe.runIf(played.includes(what))(what, follow);

recipe('a check', () => {
  const ID = 'X98';
  const FILE = 'src/doctor/checks/setup/readme-there.ts';

  test('is found by doctor, held by its cases, and listed in the docs', SLOW, () => {
    const [write1 = '', name = '', describeIt = '', , renew = ''] = stepsOf('a check');

    expect(write1).toContain('src/doctor/checks/<area>/<name>.ts');
    write(copy, {
      [FILE]: `import type { Check } from '../../check.ts';

export const readmeThere: Check = {
  id: '${ID}',
  title: 'The app has a README',
  severity: 'warning',
  why: 'Nobody knows what the sync is for.',
  source: 'https://example.com',
  fix: 'Write README.md.',
  explain: 'A README says what is sent.',
  run: async (repo) =>
    (await repo.exists('README.md'))
      ? []
      : [{ file: 'README.md', message: 'README.md is missing', evidence: [{ file: 'package.json', line: 1, says: 'the app is here' }] }],
};
`,
    });

    expect(write1).toContain('src/doctor/blind-spots.ts');
    change('src/doctor/blind-spots.ts', '\n};', `\n  ${ID}: 'What the README says.',\n};`);

    expect(name).toContain('src/doctor/checks/always.ts');
    const list = 'src/doctor/checks/always.ts';
    change(
      list,
      'import { pinnedInCi }',
      "import { readmeThere } from './setup/readme-there.ts';\nimport { pinnedInCi }",
    );
    change(list, '\n];', '\n  readmeThere,\n];');

    expect(describeIt).toContain('describeCheck');
    write(copy, {
      'tests/unit/doctor/checks/readme-there.test.ts': `import { describeCheck } from '../../../helpers/doctor-case.ts';

describeCheck('${ID}', {
  base: 'react-native',
  triggers: { 'no README': { files: { 'ReadMe.txt': '' }, at: 'README.md' } },
  near: { 'an empty one': { 'README.md': '' } },
});
`,
    });
    const cases = vitest('tests/unit/doctor/checks/readme-there.test.ts', '-t', ID);
    expect(cases.code, cases.stdout).toBe(0);

    expect(renew).toContain('npx vitest run tests/unit/doctor --update=all');
    vitest('tests/unit/doctor/catalogue.test.ts', '--update=all');
    const said = vitest('tests/unit/doctor/catalogue.test.ts');
    expect(said.code, said.stdout).toBe(0);
    expect(read('docs/doctor.md')).toContain(ID);

    expect(node('esbuild.config.mjs')).toMatchObject({ code: 0 });
    rmSync(join(app, 'README.md'), { force: true });
    const { findings } = JSON.parse(bgsync('doctor', '--json').stdout) as {
      findings: readonly { id: string }[];
    };
    expect(findings.map(({ id }) => id)).toContain(ID);
  });
});

recipe('a command', () => {
  test('is run, has --json and an exit code, and leaves the app as it is', SLOW, () => {
    const [write1 = '', declare = '', json = '', testIt = ''] = stepsOf('a command');

    expect(write1).toContain('src/commands/<name>.ts');
    write(copy, {
      'src/commands/where.ts': `import type { CommandResult, Context } from '../context.ts';
import { ExitCode } from '../exit-code.ts';

export interface WhereOptions {
  readonly cwd?: string;
  readonly json?: boolean;
}

export function where({ json }: WhereOptions, { cwd, report }: Context): Promise<CommandResult> {
  report.raw(json === true ? \`\${JSON.stringify({ v: 1, cwd })}\\n\` : \`\${cwd}\\n\`);
  return Promise.resolve({ exitCode: ExitCode.ok });
}
`,
    });

    expect(declare).toContain('src/cli.ts');
    change(
      'src/cli.ts',
      'import { UserError }',
      "import type { WhereOptions } from './commands/where.ts';\nimport { UserError }",
    );
    change(
      'src/cli.ts',
      '  const shells =',
      "  command('where', 'print where you are')\n    .option('--json', 'print one JSON document')\n    .action(run<WhereOptions>(async () => (await import('./commands/where.ts')).where));\n\n  const shells =",
    );
    expect(json).toContain('--json');
    expect(node('esbuild.config.mjs')).toMatchObject({ code: 0 });

    expect(testIt).toContain('a repo that it must leave as it is');
    const before = readTree(app);
    const { code, stdout } = bgsync('where', '--json');
    expect({ code, ...(JSON.parse(stdout) as object) }).toEqual({ code: 0, v: 1, cwd: app });
    expect(bgsync('--help').stdout).toContain('print where you are');
    expect(changedPaths(before, readTree(app))).toEqual([]);
  });
});

recipe('a host', () => {
  const TABRIS_APPS = `import { UserError } from '../errors.ts';
import { at } from '../place.ts';
import type { Ecosystem } from './ecosystem.ts';
import { detectIos } from './ios.ts';
import { readText } from './read-text.ts';

const MARKER = 'tabris.json';

export const tabrisApps: Ecosystem = {
  marker: MARKER,
  host: 'tabris',
  language: 'javascript',
  isApp: (fs, folder) => fs.exists(at(folder, MARKER)),
  findRoot: (_fs, nearest) => Promise.resolve(nearest),
  async detect(fs, root) {
    const text = await readText(fs, at(root, MARKER));
    if (text === undefined) throw new UserError(\`\${MARKER} cannot be read.\`);
    const { main } = JSON.parse(text) as { main: string };
    const ios = await detectIos(fs, root);
    return {
      host: 'tabris',
      tabris: { main },
      platforms: ['ios'],
      root,
      name: 'demo',
      entries: [{ path: main, platforms: ['ios'] }],
      entryProblems: [],
      syncLayers: [],
      android: undefined,
      ios,
    };
  },
};
`;

  const TABRIS_HOST = `import type { TabrisProject } from '../../project/project.ts';
import type { HandlerFile, HostIntegration } from '../host.ts';
import { planInfoPlists } from '../info-plists.ts';
import { templateModel } from '../model.ts';
import { inReactNativeRuntime } from '../react-native/common.ts';
import { planEntries } from '../react-native/plan.ts';

const handler: HandlerFile<TabrisProject> = {
  defaultPath: () => 'src/background-sync.js',
  pattern: /\\.js$/,
  kinds: 'a .js file',
  template: () => 'handler/background-sync.ejs',
  findLayer: () => Promise.resolve(undefined),
  queueTemplate: 'handler/sync-queue.ejs',
  requireFree: () => Promise.resolve(),
  movedImports: () => '',
  handOver: (name) => name,
};

export const tabrisHost: HostIntegration<TabrisProject> = {
  name: 'Tabris',
  language: 'javascript',
  moduleDir: 'modules/background-sync',
  handler,
  layers: () => [{ layer: 'typescript' }, { layer: 'ios' }, { layer: 'tabris' }],
  retiredLayers: () => [{ layer: 'retired' }],
  keptWhenRetired: /^$/,
  model: (_project, config, shipped) => templateModel(config, 'new', shipped, inReactNativeRuntime()),
  retiredModel: (config, shipped) => templateModel(config, 'new', shipped, inReactNativeRuntime()),
  queueDriver: 'custom',
  async plan(planner, { project, config, retiredIds }) {
    await planInfoPlists(planner, project, config, retiredIds);
    await planEntries(planner, project, config);
  },
  packages: () => ({
    name: 'tabris',
    all: 'tabris install',
    add: 'tabris add',
    dev: undefined,
    manifest: 'tabris.json',
    phrase: (instruction) => instruction,
  }),
  steps: () => ['tabris build'],
  packageSteps: () => Promise.resolve([]),
  queueSteps: () => Promise.resolve([]),
  stepAfter: () => 'tabris build',
  describe: ({ tabris }) => [['Tabris', tabris.main]],
  startsAt: ({ tabris }) => [tabris.main],
  versionNote: () => undefined,
  notes: () => [],
  startsWithoutScene: () => true,
  requireBuildable: () => Promise.resolve(),
  findCompileProblem: () => Promise.resolve(undefined),
};
`;

  test('is new files and a row in each table; every command knows its apps', SLOW, () => {
    const [type = '', integration = '', layer = '', base = '', suites = ''] = stepsOf('a host');

    expect(type).toContain('src/project/project.ts');
    change(
      'src/project/project.ts',
      'export type Project = ReactNativeProject | ExpoProject | FlutterProject;',
      "export interface TabrisProject extends AppProject {\n  readonly host: 'tabris';\n  readonly tabris: { readonly main: string };\n}\n\nexport type Project = ReactNativeProject | ExpoProject | FlutterProject | TabrisProject;",
    );
    expect(type).toContain('src/project/ecosystems.ts');
    write(copy, { 'src/project/tabris-apps.ts': TABRIS_APPS });
    change('src/project/ecosystems.ts', 'flutterApps]', 'flutterApps, tabrisApps]');
    change(
      'src/project/ecosystems.ts',
      'import { flutterApps }',
      "import { tabrisApps } from './tabris-apps.ts';\nimport { flutterApps }",
    );

    expect(integration).toContain('src/integrations/<host>/host.ts');
    expect(integration).toContain('src/integrations/hosts.ts');
    write(copy, { 'src/integrations/tabris/host.ts': TABRIS_HOST });
    change(
      'src/integrations/hosts.ts',
      '  flutter: flutterHost,',
      '  flutter: flutterHost,\n  tabris: tabrisHost,',
    );
    change(
      'src/integrations/hosts.ts',
      'import { flutterHost }',
      "import { tabrisHost } from './tabris/host.ts';\nimport { flutterHost }",
    );

    write(copy, { 'tsconfig.src.json': '{ "extends": "./tsconfig.json", "include": ["src"] }\n' });
    // What has to have a row besides is what the compiler names.
    const { stdout: missing } = node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.src.json');
    const named = [...missing.matchAll(/^(src\/[\w/.-]+)\(/gm)].map(([, path = '']) => path);
    expect(named, missing).toEqual(['src/commands/doctor.ts', 'src/integrations/document.ts']);
    expect(integration).toContain('compiler lists what is missing');
    change(
      'src/commands/doctor.ts',
      "  flutter: 'Flutter',",
      "  flutter: 'Flutter',\n  tabris: 'Tabris',",
    );
    change('src/integrations/document.ts', '  flutter: `', "  tabris: 'any',\n  flutter: `");

    expect(layer).toContain('templates/<host>/');
    write(copy, { 'templates/tabris/package.json.ejs': '{ "name": "<%- t.packageName %>" }\n' });
    expect(node('esbuild.config.mjs')).toMatchObject({ code: 0 });

    expect(base).toContain('tests/helpers/traits/');
    for (const path of ['package.json', 'android', 'index.js', 'App.tsx'])
      rmSync(join(app, path), { recursive: true, force: true });
    write(app, { 'tabris.json': '{ "main": "src/app.js" }\n', 'src/app.js': 'start();\n' });
    const before = readTree(app);

    expect(suites).toContain('tests/cli/real-world.test.ts');
    const done = bgsync('init', '--yes', '--json');
    expect(done, done.stdout).toMatchObject({ code: 0 });
    expect(readFileSync(join(app, 'src/app.js'), 'utf8')).toBe(
      "import './background-sync';\n\nstart();\n",
    );
    expect(readTree(app).get('modules/background-sync/package.json')?.toString()).toBe(
      '{ "name": "background-sync" }\n',
    );
    expect(bgsync('init', '--yes').stdout).toContain('Nothing to do');
    expect(bgsync('diff')).toMatchObject({ code: 0 });
    const doctor = bgsync('doctor', '--json');
    expect(JSON.parse(doctor.stdout)).toMatchObject({ couldNotRun: [] });
    expect(doctor.code, doctor.stdout).toBe(0);
    expect(bgsync('doctor').stdout).toContain('(Tabris)');
    expect(bgsync('remove', '--yes', '--force')).toMatchObject({ code: 0 });
    expect(changedPaths(before, readTree(app))).toEqual([]);
  });
});
