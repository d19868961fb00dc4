import { readDependencies } from '../formats/gradle-build.ts';
import { scopeOf, scriptsOf } from './gradle-project.ts';
import type { GradleProject } from './gradle-project.ts';
import { fromCatalog } from './gradle-scope.ts';
import type { GradleFile } from './gradle-scope.ts';

const GROUP = 'androidx.hilt';
const COMPILER = `${GROUP}:hilt-compiler`;
/** Configurations whose artifacts process annotations: `ksp`, `kspDebug`, `kapt`, `annotationProcessor`. */
const PROCESSES = /^(?:ksp|kapt)(?:[A-Z]\w*)?$|[aA]nnotationProcessor$/;

/** A build that has androidx.hilt:hilt-work, and what processes its annotations is not there. */
export interface MissingHiltCompiler {
  readonly file: string;
  readonly line: number;
  /** Where the compiler is asked for, as a library in place of a processor: `implementation`; undefined where it is not. */
  readonly configuration: string | undefined;
}

/** @returns undefined where the compiler is there, hilt-work is not, or it cannot be told */
export function missingHiltCompiler(project: GradleProject): MissingHiltCompiler | undefined {
  // A convention plugin of the repo's own may add it.
  if (project.applied.classes.length > 0 || project.includedBuilds.length > 0) return undefined;
  let work: { readonly file: string; readonly line: number } | undefined;
  let elsewhere: MissingHiltCompiler | undefined;
  for (const file of scriptsOf(project)) {
    for (const statement of file.statements) {
      const uses = [
        ...readDependencies([statement], GROUP),
        ...fromCatalog(scopeOf(project, file), [statement], GROUP),
      ];
      for (const { module } of uses) {
        const place = { file: file.path, line: statement.line };
        if (module === `${GROUP}:hilt-work`) work ??= place;
        if (module !== COMPILER) continue;
        if (!/^(?:\w*[iI]mplementation|\w*[aA]pi|\w*[cC]ompileOnly)$/.test(statement.name)) {
          return undefined;
        }
        elsewhere ??= { ...place, configuration: statement.name };
      }
    }
  }
  if (work === undefined) return undefined;
  if (elsewhere !== undefined) return elsewhere;
  return scriptsOf(project).some((file) => mayProcess(project, file))
    ? undefined
    : { ...work, configuration: undefined };
}

/** Whether a script has a processor in a form that is not read: a variable, a bundle, a catalog's entry without a version. */
function mayProcess(project: GradleProject, file: GradleFile): boolean {
  const libraries = scopeOf(project, file).catalog?.content.libraries;
  return file.statements
    .filter(({ name }) => PROCESSES.test(name))
    .flatMap(({ rest }) => rest)
    .filter(({ kind }) => kind === 'string' || kind === 'word')
    .some(({ text }) => {
      const id = text.startsWith('libs.') ? libraries?.get(text.slice('libs.'.length))?.id : text;
      return id === undefined || id.startsWith(`${GROUP}:`) || !/^[\w.-]+:[\w.-]+/.test(id);
    });
}
