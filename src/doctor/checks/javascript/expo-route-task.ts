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
    if (files.length === 0) return [];
    const routes = (await repo.sources('javascript')).map(({ path }) => path).filter(isRoute);
    if (routes.length === 0) return [];
    const entries = await repo.entries();
    const [{ callsOf, lineIn, openScript }, { jsWaysTo }, { moduleGraph, modulesFrom }] =
      await Promise.all([
        import('../../code/javascript.ts'),
        import('../../code/js-reach.ts'),
        import('../../code/js-modules.ts'),
      ]);
    const fromEntry = await moduleGraph(repo);
    const fromRoutes = await modulesFrom(repo, routes);
    const findings: Finding[] = [];
    for (const { path } of files) {
      const isElsewhere =
        fromEntry !== undefined &&
        (fromEntry.loaded.has(path) || fromEntry.lazy.has(path) || fromEntry.mayMean(path));
      if (isElsewhere || !fromRoutes.loaded.has(path)) continue;
      const script = await openScript(repo, path);
      if (script === undefined) continue;
      const loading = isRoute(path) ? undefined : await routeThatLoads(path, routes);
      for (const call of callsOf(script, { module: TASK_MANAGER, name: 'defineTask' })) {
        // J01 tells of those in a component, an effect, a listener.
        const ways = await jsWaysTo(repo, script, call);
        if (ways.some(({ kind }) => kind !== 'load' && kind !== 'unknown')) continue;
        const message =
          loading === undefined
            ? 'defineTask is called in a route, which a background start never loads'
            : 'defineTask is called in a file that routes alone import, which a background start never loads';
        const evidence = [
          ...(entries.length > 0
            ? entries.map((entry) => ({ file: entry.path, says: 'does not import it' }))
            : [
                {
                  file: 'package.json',
                  says: 'starts the app at a package, which cannot import it',
                },
              ]),
          ...(loading === undefined ? [] : [{ file: loading, says: 'is a route, and imports it' }]),
        ];
        findings.push({ file: path, line: lineIn(script, call), message, evidence });
      }
    }
    return findings;

    async function routeThatLoads(path: string, all: readonly string[]): Promise<string> {
      for (const route of all) {
        if ((await modulesFrom(repo, [route])).loaded.has(path)) return route;
      }
      return path;
    }
  },
};

const isRoute = (path: string): boolean => /^(?:src\/)?app\/.*\.[jt]sx?$/.test(path);
