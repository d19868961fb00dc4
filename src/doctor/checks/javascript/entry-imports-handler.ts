import { runsReactNative } from '../../../project/host.ts';
import { importSpecifier } from '../../../integrations/model.ts';
import { isAsLeft } from '../../code/verified.ts';
import type { Check, Finding } from '../../check.ts';
import { settingOf } from '../../evidence.ts';
import { editFix } from '../../edit-fix.ts';
import { runningConfig } from '../../repo.ts';

export const entryImportsHandler: Check = {
  id: 'J02',
  title: 'The entry file imports the handler at its top level',
  severity: 'error',
  why: 'A bundle starts at the entry file. A handler that it does not load is never registered, and every run ends as `skipped`.',
  source: 'https://github.com/transistorsoft/react-native-background-fetch/issues/101',
  fix: 'Run `npx bgsync init` again, or import the handler in the entry file.',
  mends:
    'Adds the import behind the last one; what the handler imports is loaded at the app’s start from then on. Where the handler is not there, it is left to you.',
  explain: [
    'When the OS starts the app for a background run, only the JavaScript bundle is loaded, from its entry file; no screen is shown and no component rendered. The handler must have been registered by the time the entry file has run.',
    'So the entry file has to import the handler at its top level, for its side effect: `import "./src/background-sync";`. An import that binds names is not enough: Metro’s inlineRequires, on by default, moves it to the first use of the name. An import inside a function or a condition may never run.',
    'How it shows: each run starts, and ends as `skipped`, because no handler is registered. `npx bgsync init` puts the line in.',
  ].join('\n\n'),
  appliesTo: (repo) => runsReactNative(repo) && runningConfig(repo) !== undefined,
  async run(repo) {
    const config = runningConfig(repo);
    if (config === undefined) return [];
    const entries = (await repo.entries()).filter(({ platforms }) =>
      platforms.some((platform) => config.platforms.includes(platform)),
    );
    if (entries.length === 0) {
      return [{ file: 'package.json', message: 'no entry file was found (index.js)' }];
    }
    const evidence = [await settingOf(repo, 'handler', `the handler is ${config.handler}`)];
    const findings: Finding[] = [];
    for (const { path } of entries) {
      const text = await repo.read(path);
      if (text === undefined) continue;
      const specifier = importSpecifier(path, config.handler);
      if (await isAsLeft(repo, path, specifier)) continue;
      // The parser is most of doctor’s start-up.
      const [{ findEntryImport }, { ENTRY }] = await Promise.all([
        import('../../../formats/entry.ts'),
        import('../../../integrations/edits/entry.ts'),
      ]);
      const found = findEntryImport(text, specifier, path);
      if (found.status === 'absent') {
        const fixEdits = editFix(path, text, ENTRY.reason, (source) =>
          ENTRY.ensure(source, { file: path, specifier }),
        );
        // An import of what is not there would end every build of the bundle.
        const offered = (await repo.exists(config.handler)) ? { fixEdits } : {};
        const message = `does not import ${specifier}`;
        findings.push({ file: path, message, evidence, ...offered });
      } else if (found.status === 'nested') {
        const message = `imports ${specifier} inside a function or a condition, not at the top level`;
        findings.push({ file: path, message, evidence });
      } else if (found.status === 'unreadable') {
        findings.push({ file: path, message: 'the file cannot be parsed' });
      } else if (found.mayBeDeferred) {
        findings.push({
          file: path,
          line: found.line,
          message: `binds names of ${specifier}: Metro's inlineRequires loads it at their first use, or never`,
          evidence,
          fix: `Import it bare: import '${specifier}';`,
        });
      } else if (!found.beforeRegister) {
        findings.push({
          file: path,
          line: found.line,
          message: `loads ${specifier} only after the app is registered`,
          evidence,
        });
      }
    }
    return findings;
  },
};
