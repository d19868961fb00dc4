import { BASES } from '../../../helpers/doctor-bases.ts';
import { describeCheck } from '../../../helpers/doctor-case.ts';

const BASE = BASES['bgsync-flutter'];
const change = (
  path: string,
  from: string | RegExp,
  to: string | ((found: string) => string),
): Record<string, string> => {
  const text = BASE[path] ?? '';
  const changed = text.replace(from, to as string);
  if (changed === text) throw new Error(`${path} has no ${String(from)}`);
  return { [path]: changed };
};

const PUBSPEC = 'pubspec.yaml';
const MAIN = 'lib/main.dart';
const HANDLER = 'lib/background_sync.dart';
const ENTRY = / {2}background_sync:\n {4}path: .*\n/;
const EXPORT = "export 'background_sync.dart' show backgroundSyncMain;";

describeCheck('F01', {
  base: 'bgsync-flutter',
  triggers: {
    'no such dependency': { files: change(PUBSPEC, ENTRY, ''), at: PUBSPEC },
    'one of that name from elsewhere': {
      files: change(PUBSPEC, ENTRY, '  background_sync: ^2.0.0\n'),
      at: PUBSPEC,
      message: 'another `background_sync`',
    },
    'one in another folder': {
      files: change(PUBSPEC, 'packages/background_sync', '../background_sync'),
      at: PUBSPEC,
    },
    'among what is for development alone': {
      files: change(PUBSPEC, ENTRY, 'dev_dependencies:\n  background_sync:\n    path: x\n'),
      at: PUBSPEC,
    },
  },
  near: {
    'in flow style': change(
      PUBSPEC,
      ENTRY,
      '  background_sync: {path: packages/background_sync}\n',
    ),
    'all of them in flow style': {
      [PUBSPEC]:
        'name: demo\ndependencies: {flutter: {sdk: flutter}, background_sync: {path: packages/background_sync}}\n',
    },
    'with a comment': change(
      PUBSPEC,
      ENTRY,
      '  # ours\n  background_sync: # here\n    path: ./packages/background_sync\n',
    ),
  },
});

describeCheck('F02', {
  base: 'bgsync-flutter',
  triggers: {
    'no export': { files: change(MAIN, EXPORT, ''), at: MAIN },
    'one in a comment': { files: change(MAIN, EXPORT, `// ${EXPORT}`), at: MAIN },
    'one of another library': {
      files: change(MAIN, EXPORT, "export 'src/background_sync.dart';"),
      at: MAIN,
    },
    'a flavor without it': {
      files: { 'lib/main_dev.dart': 'void main() {}\n' },
      at: 'lib/main_dev.dart',
    },
    'one that is loaded later': {
      files: change(MAIN, EXPORT, "import 'background_sync.dart' deferred as sync;"),
      at: MAIN,
    },
  },
  near: {
    'an import': change(MAIN, EXPORT, "import 'package:demo/background_sync.dart';"),
    'over another file': {
      ...change(MAIN, EXPORT, "import 'app.dart';"),
      'lib/app.dart': "import 'background_sync.dart';\n",
    },
    'a flavor that starts another main': {
      'lib/main_dev.dart': "import 'package:demo/main.dart' as app;\nvoid main() => app.main();\n",
    },
    'a file that is named so and starts nothing': { 'lib/main_menu.dart': 'class MainMenu {}\n' },
  },
});

describeCheck('F03', {
  base: 'bgsync-flutter',
  triggers: {
    'no pragma': {
      files: change(HANDLER, "@pragma('vm:entry-point')\n", ''),
      at: HANDLER,
      message: '@pragma',
    },
    'a pragma of something else': {
      files: change(HANDLER, 'vm:entry-point', 'vm:prefer-inline'),
      at: HANDLER,
    },
    'another name': {
      files: change(HANDLER, /backgroundSyncMain\(/, 'syncMain('),
      at: HANDLER,
      message: 'no function',
    },
    'inside of a class': {
      files: change(
        HANDLER,
        /@pragma[^]*?;\n/,
        (declaration: string) => `class Sync {\n  ${declaration}}\n`,
      ),
      at: HANDLER,
      message: 'no function',
    },
    'a pragma in a comment': {
      files: change(HANDLER, "@pragma('vm", "// @pragma('vm"),
      at: HANDLER,
      message: '@pragma',
    },
  },
  near: {
    'other quotes, and a comment between': change(
      HANDLER,
      "@pragma('vm:entry-point')\n",
      '@pragma("vm:entry-point")\n// Native enters here.\n',
    ),
    'a body in braces': change(
      HANDLER,
      'Future<void> backgroundSyncMain() => runBackgroundSync(queue: AppQueue());',
      'void backgroundSyncMain() {\n  runBackgroundSync(queue: AppQueue());\n}',
    ),
    'from another file': { [HANDLER]: "export 'src/sync.dart';\n" },
  },
});

const PROJECT = 'ios/Demo.xcodeproj/project.pbxproj';

describeCheck('F04', {
  base: 'bgsync-flutter',
  triggers: {
    'what flutter create has': {
      files: change(PROJECT, 'DEPLOYMENT_TARGET = 15.1', 'DEPLOYMENT_TARGET = 13.0'),
      at: PROJECT,
      message: '13.0',
    },
  },
  near: {
    'a later one': change(PROJECT, 'DEPLOYMENT_TARGET = 15.1', 'DEPLOYMENT_TARGET = 17.0'),
    'none in the project': change(PROJECT, 'IPHONEOS_DEPLOYMENT_TARGET = 15.1; ', ''),
  },
});
