import { lineNumber } from '../../../formats/text.ts';
import { settingOf } from '../../evidence.ts';
import { matchesPath } from '../../glob.ts';
import type { Check } from '../../check.ts';
import { runningConfig } from '../../repo.ts';

export const sideEffects: Check = {
  id: 'J13',
  title: 'The bundler keeps the import of the handler',
  severity: 'warning',
  why: 'A bundler that shakes the tree takes out an import whose file is said to have no side effects. The release build then has no handler, and each run ends as `skipped`.',
  source: 'https://webpack.js.org/guides/tree-shaking/',
  fix: 'Name the handler in `sideEffects` of package.json, or take the key out.',
  explain: [
    'The entry file imports the handler for what it does when it is loaded, not for a name. `"sideEffects": false` in the app’s package.json says that no file does anything when it is loaded: webpack and Rspack (Re.Pack) and Expo’s tree shaking then drop such an import in production. Metro alone does not read the key.',
    '    "sideEffects": ["./index.js", "./src/background-sync.ts"]',
  ].join('\n\n'),
  appliesTo: (repo) =>
    runningConfig(repo) !== undefined &&
    (repo.depends('@callstack/repack') || repo.host === 'expo'),
  async run(repo) {
    const handler = runningConfig(repo)?.handler;
    const text = await repo.read('package.json');
    if (handler === undefined || text?.includes('"sideEffects"') !== true) return [];
    const { sideEffects: value } = JSON.parse(text.replace(/^\uFEFF/, '')) as {
      sideEffects?: unknown;
    };
    const patterns = Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
    if (value !== false && !Array.isArray(value)) return [];
    const isKept = patterns.some((pattern) =>
      matchesPath(pattern.includes('/') ? pattern : `**/${pattern}`, handler),
    );
    if (isKept) return [];
    const line = lineNumber(text, text.indexOf('"sideEffects"'));
    const message = `sideEffects says that ${handler} may be left out`;
    const evidence = [await settingOf(repo, 'handler', `the handler is ${handler}`)];
    return [{ file: 'package.json', line, message, evidence }];
  },
};
