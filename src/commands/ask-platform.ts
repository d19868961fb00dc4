import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';

const LABELS = {
  local: 'this machine: no phone, no SDK',
  android: 'an Android device or emulator',
  ios: 'an iPhone or simulator',
} as const;

/**
 * The platform that was given, or is chosen now.
 *
 * @param choices the first one is suggested
 * @throws UserError where it is missing, and no one can be asked
 */
export async function requirePlatform<P extends keyof typeof LABELS>(
  given: P | undefined,
  choices: readonly P[],
  { isInteractive, prompt }: Context,
  isJson: boolean,
): Promise<P> {
  if (given !== undefined) return given;
  if (!isInteractive || isJson) {
    throw new UserError(`Give --platform ${choices.join(', ').replace(/, (\w+)$/, ' or $1')}.`);
  }
  return prompt.select(
    'Where?',
    choices.map((value) => ({ value, label: `${value}: ${LABELS[value]}` })),
  );
}
