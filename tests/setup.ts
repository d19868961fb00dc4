import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** No colour, and nothing that depends on where the tests run: what is tested is what is written. */
process.env.NO_COLOR = '1';
// Node warns on standard error where both are set.
delete process.env.FORCE_COLOR;
delete process.env.CI;
// Where bgsync keeps what it needs to undo an interrupted change of an app that is in no git repository.
process.env.XDG_STATE_HOME ??= join(tmpdir(), 'bgsync-test-state');
