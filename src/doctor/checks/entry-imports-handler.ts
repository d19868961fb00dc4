import { findEntryImport } from '../../formats/entry.ts';
import { importSpecifier } from '../../integrations/react-native/model.ts';
import { entriesOf } from '../../project/project.ts';
import type { Check, Finding } from '../check.ts';

export const entryImportsHandler: Check = {
  id: 'J02',
  title: 'The entry file imports the handler at its top level',
  severity: 'error',
  why: 'A bundle starts at the entry file. A handler that it does not load is never registered, and every run ends as `skipped`.',
  source: 'https://github.com/transistorsoft/react-native-background-fetch/issues/101',
  fix: 'Run `npx bgsync init` again, or import the handler in the entry file.',
  async run(repo) {
    const { config, project } = repo;
    if (config === undefined) return [];
    const entries = entriesOf(project, config.platforms);
    if (entries.length === 0) {
      return [{ file: 'package.json', message: 'no entry file was found (index.js)' }];
    }
    const findings: Finding[] = [];
    for (const { path } of entries) {
      const text = await repo.read(path);
      if (text === undefined) continue;
      const specifier = importSpecifier(path, config.handler);
      const found = findEntryImport(text, specifier);
      if (found.status === 'absent') {
        findings.push({ file: path, message: `does not import ${specifier}` });
      } else if (found.status === 'nested') {
        const message = `imports ${specifier} inside a function or a condition, not at the top level`;
        findings.push({ file: path, message });
      } else if (found.status === 'unreadable') {
        findings.push({ file: path, message: 'the file cannot be parsed' });
      } else if (found.mayBeDeferred) {
        findings.push({
          file: path,
          line: found.line,
          message: `binds names of ${specifier}: Metro's inlineRequires loads it at their first use, or never`,
          fix: `Import it bare: import '${specifier}';`,
        });
      } else if (!found.beforeRegister) {
        findings.push({
          file: path,
          line: found.line,
          message: `loads ${specifier} only after the app is registered`,
        });
      }
    }
    return findings;
  },
};
