/** Words that mean the same to a shell with and without quotes. */
const PLAIN = /^[\w@%+:,./-]+$/;

/**
 * Makes one command line for the device's shell (mksh) of an argv: `adb shell` joins its arguments with spaces and
 * leaves the quoting to its caller. Nothing else may build such a line.
 *
 * @throws RangeError for a NUL, which no argv can hold
 */
export function quoteForDevice(argv: readonly string[]): string {
  return argv
    .map((word) => {
      if (word.includes('\0')) throw new RangeError('an argument cannot hold a NUL');
      return PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
    })
    .join(' ');
}
