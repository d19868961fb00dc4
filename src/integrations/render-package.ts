import type { Config } from '../config.ts';
import type { TemplateModel } from '../templates/model.ts';
import { renderLayers } from '../templates/render.ts';
import type { HostIntegration } from './host.ts';

/** One of them is an app's: the others import what it has not installed. */
const DRIVERS = 'src/queue/drivers/';

/** Everything that the generated package holds, by path inside it; the lock file excepted. */
export function renderPackage(
  host: HostIntegration,
  config: Config,
  model: TemplateModel,
): Map<string, string> {
  const files = [...renderLayers(host.layers(config), model)];
  const driver = `${DRIVERS}${config.queue}.ts`;
  return new Map(files.filter(([path]) => !path.startsWith(DRIVERS) || path === driver));
}
