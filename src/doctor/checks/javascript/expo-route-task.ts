import { importSpecifier } from '../../../integrations/model.ts';
import { TASK_MANAGER } from '../../code/task-libraries.ts';
import type { Check, Finding } from '../../check.ts';

export const expoRouteTask: Check = {
  id: 'J14',
  title: 'No task is defined in a route of expo-router',
  severity: 'warning',
  why: 'A route is loaded when the router renders. In a background start nothing is rendered, so the task is not defined when its run begins.',
  source: 'https://github.com/expo/expo/issues/29792',
  fix: 'Move defineTask to a file outside of the routes, and import it in your own entry file before expo-router/entry.',
  explain: [
    'expo-router finds its routes through require.context, whose modules are loaded when they are asked for: when the router renders. A background start renders nothing, so what stands at the top level of a route, `_layout` included, is not run. It works while the app is open, and never from a cold start.',
    "Make an entry file of your own and name it in package.json as `main`:\n\n    // index.js\n    import './src/tasks';\n    import 'expo-router/entry';",
  ].join('\n\n'),
  appliesTo: (repo) => repo.depends('expo-router') && repo.depends(TASK_MANAGER),
  async run(repo) {
    const files = await repo.sourcesContaining('javascript', ['defineTask']);
    const routes = files.filter(({ path }) => /^(?:src\/)?app\//.test(path));
    if (routes.length === 0) return [];
    const entries = await Promise.all(
      (await repo.entries()).map(async ({ path }) => ({ path, text: await repo.read(path) })),
    );
    const { callsOf, lineIn, openScript, renderedIn } = await import('../../code/javascript.ts');
    const findings: Finding[] = [];
    for (const { path } of routes) {
      const isLoaded = entries.some((entry) =>
        entry.text?.includes(importSpecifier(entry.path, path)),
      );
      if (isLoaded) continue;
      const script = await openScript(repo, path);
      if (script === undefined) continue;
      for (const call of callsOf(script, { module: TASK_MANAGER, name: 'defineTask' })) {
        // J01 tells of the others.
        if (renderedIn(script, call) !== undefined) continue;
        const message = 'defineTask is called in a route, which a background start never loads';
        const evidence = entries.map((entry) => ({ file: entry.path, says: 'does not import it' }));
        findings.push({ file: path, line: lineIn(script, call), message, evidence });
      }
    }
    return findings;
  },
};
