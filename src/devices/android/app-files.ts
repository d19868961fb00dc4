import { UserError } from '../../errors.ts';
import { ExitCode } from '../../exit-code.ts';
import type { DatabaseFiles } from '../../queue/copy-database.ts';
import type { AdbDevice } from './adb.ts';

/** A database over USB. Milliseconds. */
const READ_MS = 300_000;

/** Of base64: a file of 300 MB. A string of JavaScript holds no more than 512 MB. */
const MAX_BYTES = 400 << 20;

/** The files of a debug build, by their paths from its data folder on, as `run-as` reads them. */
export class AndroidAppFiles implements DatabaseFiles {
  private readonly device: AdbDevice;
  private readonly packageName: string;

  constructor(device: AdbDevice, packageName: string) {
    this.device = device;
    this.packageName = packageName;
  }

  async list(folder: string): Promise<string[]> {
    const text = await this.run(['ls', '-1', folder]);
    return (text ?? '').split('\n').filter((name) => name !== '');
  }

  async read(path: string): Promise<Buffer | undefined> {
    // No byte of it can be changed on the way, by a terminal of the device or by adb on Windows.
    const text = await this.run(['base64', path]);
    if (text !== undefined && text.length >= MAX_BYTES) {
      throw new UserError(`${path} is larger than bgsync reads from a device.`);
    }
    return text === undefined ? undefined : Buffer.from(text, 'base64');
  }

  async digest(path: string): Promise<string | undefined> {
    return /^[0-9a-f]{40}/.exec((await this.run(['sha1sum', path])) ?? '')?.[0];
  }

  /** @returns undefined where there is no such file */
  private async run(argv: readonly string[]): Promise<string | undefined> {
    const { code, stdout, stderr } = await this.device.shell(
      ['run-as', this.packageName, ...argv],
      READ_MS,
      MAX_BYTES,
    );
    if (code === 0) return stdout;
    // run-as itself says so, too, where it cannot get at the app's folder.
    if (!stderr.startsWith('run-as:') && stderr.includes('No such file or directory')) {
      return undefined;
    }
    const [said = ''] = stderr.trim().split('\n');
    throw new UserError(
      `The files of ${this.packageName} cannot be read: ${said || 'no answer'}.`,
      {
        hint: 'Unlock the device once after its start, and open the app.',
        exitCode: ExitCode.app,
      },
    );
  }
}
