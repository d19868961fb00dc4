import type { Context, SelectOption } from '../context.ts';
import { UserError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { printableLine } from '../terminal.ts';
import type { Device } from './device.ts';
import { isUsable } from './device.ts';

/** One line a device: id, state, name, and what to do where it cannot be used. */
export const describeDevice = ({ id, state, name, problem }: Device): string =>
  `${id}  ${state}${name === '' ? '' : `  ${name}`}${problem === undefined ? '' : `: ${problem}`}`;

const list = (devices: readonly Device[]): string =>
  devices.map((device) => `\n  ${describeDevice(device)}`).join('');

const toOption = <D extends Device>(device: D): SelectOption<D> => ({
  value: device,
  label: printableLine(device.name === '' ? device.id : device.name),
  hint: printableLine(device.name === '' ? device.state : device.id),
});

const refuse = (message: string, hint: string): UserError =>
  new UserError(message, { hint, exitCode: ExitCode.device });

/**
 * The device to use: the one that is named, or the only usable one; in a terminal the user is asked. Never a guess.
 *
 * @param wanted what `--device` says, or the platform's own environment variable
 * @param advice what to do where there is no device at all
 * @throws UserError with the list of what is there, exit code 6
 */
export async function chooseDevice<D extends Device>(
  devices: readonly D[],
  wanted: string | undefined,
  advice: string,
  ctx: Context,
  isJson: boolean,
): Promise<D> {
  if (wanted !== undefined && wanted !== '') {
    const named = devices.filter(({ id, aliases }) => id === wanted || aliases.includes(wanted));
    const [device, other] = named;
    if (device === undefined) {
      throw refuse(
        `There is no device ${wanted}.${list(devices)}`,
        devices.length === 0 ? advice : 'Name one of these with --device.',
      );
    }
    if (other !== undefined) {
      throw refuse(
        `${named.length} devices are called ${wanted}.${list(named)}`,
        'Name one by its id.',
      );
    }
    if (device.problem !== undefined) {
      throw refuse(`${device.id} cannot be used (${device.state}).`, device.problem);
    }
    return device;
  }
  const usable = devices.filter(isUsable);
  const [only, another] = usable;
  if (only === undefined) {
    const [first] = devices;
    if (first === undefined) throw refuse('There is no device.', advice);
    throw refuse(`No device can be used.${list(devices)}`, first.problem ?? advice);
  }
  if (another === undefined) return only;
  if (ctx.isInteractive && !isJson) {
    return ctx.prompt.select('Which device?', usable.map(toOption));
  }
  throw refuse(
    `There are ${usable.length} devices: which one?${list(usable)}`,
    'Name one with --device.',
  );
}
