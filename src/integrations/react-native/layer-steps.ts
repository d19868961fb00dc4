import { SYNC_LAYERS, syncLayerFacts } from '../../facts.ts';
import type { SyncLayerId } from '../../facts.ts';
import type { JavaScriptProject } from '../../project/project.ts';
import type { HandlerLayer } from '../../templates/model.ts';

/** What is left to the user in the handler of a layer. */
export function layerSteps({ id, parts }: HandlerLayer, handler: string): string[] {
  const has = (part: string): boolean => parts[part]?.statement !== '';
  const place = (part: string): string => {
    const seen = parts[part]?.seen ?? '';
    return seen === '' ? '' : ` (${seen})`;
  };
  const steps: Readonly<Record<SyncLayerId, () => string[]>> = {
    watermelondb: () => [
      ...(has('database')
        ? []
        : [`Export your Database${place('database')}, and import it in ${handler}.`]),
      has('syncDatabase')
        ? `See in ${handler} that the sync which it starts is the one you mean.`
        : `Say in ${handler} how your server is pulled from and pushed to, and call its syncDatabase() in the app, too.`,
    ],
    tanstack: () => [
      has('executor')
        ? `See that no mutationFn of ${parts.executor?.file ?? ''} lets an AbortError out: docs/adapters/tanstack.md of bgsync.`
        : `Export what startOfflineExecutor() gives${place('executor')}, and import it in ${handler}.`,
    ],
    powersync: () => [
      ...(has('database')
        ? []
        : [`Export your PowerSyncDatabase${place('database')}, and import it in ${handler}.`]),
      `Import in ${handler} the connector that you hand to connect(): its uploadData is what a window runs.`,
    ],
    rxdb: () => [
      has('replication')
        ? `See in ${handler} that all of your replications are there.`
        : `Return your replications${place('replication')} in ${handler}, once the database is open.`,
    ],
    'legend-state': () => [
      has('observables')
        ? `See in ${handler} that all observables that you sync are there.`
        : `Return the observables that you sync${place('observables')} in ${handler}.`,
      'See that each has retrySync, an infinite retry, and a mode that keeps what is pending: docs/adapters/legend-state.md of bgsync.',
    ],
    'redux-offline': () => [
      ...(has('store') ? [] : [`Export your store, and import it in ${handler}.`]),
      `Say in ${handler} when the outbox was read back: your persistCallback.`,
      'See that your discard keeps what could not reach the server: docs/adapters/redux-offline.md of bgsync.',
    ],
  };
  return steps[id]();
}

/** Where the app has such a library in a version for which no handler is known. */
export const unknownLayerSteps = ({ syncLayers }: JavaScriptProject): string[] =>
  syncLayers
    .filter(({ id, isSupported }) => !isSupported && syncLayerFacts(id).sign === undefined)
    .map(({ id, version }) => {
      const { title, versions } = SYNC_LAYERS[id];
      return `${title} ${version ?? ''} is not one of the versions that a handler is known for (${versions}): drain it in drainQueue yourself.`;
    });
