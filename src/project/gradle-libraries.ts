import { scriptsOf } from './gradle-project.ts';
import type { GradleProject } from './gradle-project.ts';

/** Whether the app's build asks for a library whose coordinates, or alias in a catalog, a pattern fits. */
export const asksForLibrary = (project: GradleProject, pattern: RegExp): boolean =>
  scriptsOf(project).some(({ statements }) =>
    statements.some(
      ({ name, rest }) =>
        /(?:implementation|api|runtimeOnly)$/i.test(name) &&
        rest.some(({ text }) => pattern.test(text)),
    ),
  );
