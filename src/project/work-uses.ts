import { readDependencies } from '../formats/gradle-build.ts';
import type { Dependency } from '../formats/gradle-build.ts';
import { scopeOf, scriptsOf } from './gradle-project.ts';
import type { GradleProject } from './gradle-project.ts';
import { fromCatalog, isVersion, resolveValue } from './gradle-scope.ts';
import type { GradleFile, GradleScope } from './gradle-scope.ts';
import type { Located, WorkUse } from './project.ts';

const GROUP = 'androidx.work';

/** Every place in the app's own build that asks for androidx.work, but for tests. */
export const workUsesOf = (project: GradleProject): WorkUse[] =>
  scriptsOf(project).flatMap((file) => workUsesIn(scopeOf(project, file), file, undefined));

/** What a file asks for; what only its tests do left out. */
export function workUsesIn(
  scope: GradleScope,
  file: GradleFile,
  owner: string | undefined,
): WorkUse[] {
  const statements = file.statements.filter(({ name }) => !/^(?:androidT|t)est/.test(name));
  const isShipped = ({ module }: { module: string }): boolean => !module.endsWith('-testing');
  const written = readDependencies(statements, GROUP).map((use): WorkUse => {
    const from = { file: file.path, line: use.line };
    const value = versionOf(scope, use, from);
    const isPlain = value !== undefined && isVersion(value.value) && !value.value.endsWith('+');
    return {
      module: use.module,
      version: isPlain ? value.value : undefined,
      expression: isPlain ? undefined : (value?.value ?? use.version?.text),
      isPinned: use.isPinned,
      owner,
      file: isPlain ? value.file : from.file,
      line: isPlain ? value.line : from.line,
    };
  });
  const listed = fromCatalog(scope, statements, GROUP).map((use): WorkUse => ({
    ...use,
    expression: undefined,
    owner,
  }));
  return [...written, ...listed].filter(isShipped);
}

function versionOf(
  scope: GradleScope,
  { version }: Dependency,
  from: { readonly file: string; readonly line: number },
): Located<string> | undefined {
  if (version === undefined || version.text === '') return undefined;
  const { text, isTemplate } = version;
  const value = resolveValue(scope, { kind: isTemplate ? 'template' : 'literal', text }, from);
  return value ?? (isTemplate ? fallbackOf(scope, text, from) : undefined);
}

/** `version = project.hasProperty('version') ? rootProject.ext.version : '2.11.0'`, as Capacitor's plugins have it. */
function fallbackOf(
  { files: [own, ...others], ...scope }: GradleScope,
  template: string,
  from: { readonly file: string; readonly line: number },
): Located<string> | undefined {
  const name = /^\$\{?(\w+)\}?$/.exec(template)?.[1];
  const variable = name === undefined ? undefined : own?.variables.get(name);
  const rest = variable?.rest;
  if (name === undefined || variable === undefined || rest === undefined) return undefined;
  const texts = rest.map(({ text }) => text);
  const asked = texts.indexOf('hasProperty');
  const last = rest.at(-1);
  const isFallback = asked !== -1 && texts[asked + 2] === name && texts.at(-2) === ':';
  if (!isFallback || last?.kind !== 'string' || last.isTemplate) return undefined;
  const isSet = others.some(({ variables }) => variables.has(name)) || scope.properties.has(name);
  if (!isSet) return { value: last.text, file: from.file, line: variable.line };
  return resolveValue({ ...scope, files: others }, { kind: 'reference', name }, from);
}
