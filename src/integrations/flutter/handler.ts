import { UserError } from '../../errors.ts';
import type { FileSystem } from '../../file-system.ts';
import { at } from '../../place.ts';
import type { FlutterProject } from '../../project/project.ts';
import { readText } from '../../project/read-text.ts';
import type { HandlerFile } from '../host.ts';
import { ENTRY_POINT } from './plan.ts';

/** What may stand in a library's URI, which is a part of a text in Kotlin and Swift. */
const PATTERN = /^lib\/(?:[A-Za-z0-9_-]+\/)*[A-Za-z0-9_-]+\.dart$/;

/** The user's own Dart file. */
export const dartHandler: HandlerFile<FlutterProject> = {
  defaultPath: () => 'lib/background_sync.dart',
  pattern: PATTERN,
  kinds: 'a .dart file in lib/, with no spaces in its path',
  template: ({ queue }) =>
    queue === 'none'
      ? 'handler/background_sync.dart.ejs'
      : 'handler/background_sync_queue.dart.ejs',
  findLayer: () => Promise.resolve(undefined),
  queueTemplate: 'handler/sync_queue.dart.ejs',
  async requireFree(fs: FileSystem, root: string, handler: string) {
    const text = await readText(fs, at(root, handler));
    if (text === undefined || text.includes(ENTRY_POINT)) return;
    throw new UserError(
      `${handler} is there already, and is no handler: it has no ${ENTRY_POINT}.`,
      { hint: 'Name another file with --handler.' },
    );
  },
  // It names the package, and not its folder.
  movedImports: () => '',
  handOver: (name) => `runBackgroundSync(queue: …, tasks: {'${name}': …})`,
};
