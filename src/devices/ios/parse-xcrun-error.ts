import { UserError } from '../../errors.ts';
import { ExitCode } from '../../exit-code.ts';

const SELECT_XCODE =
  'Install Xcode and select it: `sudo xcode-select -s /Applications/Xcode.app/Contents/Developer`, or set DEVELOPER_DIR.';

/** What went wrong, and with which exit code; by the texts of xcrun, simctl and devicectl. */
const KNOWN: readonly (readonly [RegExp, ExitCode, message: string, hint: string])[] = [
  [
    /unable to find utility|requires Xcode, but active developer directory/,
    ExitCode.tool,
    'Xcode is not selected: only its Command Line Tools are.',
    SELECT_XCODE,
  ],
  [
    /invalid active developer path|No developer directory/i,
    ExitCode.tool,
    'There is no Xcode.',
    SELECT_XCODE,
  ],
  [
    /license agreement/i,
    ExitCode.tool,
    'The Xcode licence is not accepted.',
    'Run `sudo xcodebuild -license accept`.',
  ],
  [
    /CoreDeviceError error (?:10002|4000)|for reason: Locked|device is locked/i,
    ExitCode.device,
    'The device is locked.',
    'Unlock it and try again.',
  ],
  [
    /12040|developer disk image/i,
    ExitCode.device,
    'The developer disk image is not on the device.',
    'Open Xcode, Devices and Simulators, with the device connected, and wait.',
  ],
  [
    /CoreDeviceError error 1001|capability "[^"]*" is not supported/,
    ExitCode.device,
    'This device cannot do that through devicectl.',
    'For a simulator, name its own UDID with --device; for an iPhone, pair it anew in Xcode.',
  ],
  [
    /error 1000 |specified device was not found/i,
    ExitCode.device,
    'The device was not found.',
    'See `npx bgsync devices`.',
  ],
  [
    /tunnel connection failed/i,
    ExitCode.device,
    'The connection to the device failed.',
    'Reconnect it, unlock it, and try again.',
  ],
  [
    /No devices are booted|current state: Shutdown/i,
    ExitCode.device,
    'The simulator is not booted.',
    'Boot it: open it in the Simulator app.',
  ],
  [
    /-10814|No such file or directory.*app_container|not installed|FBSOpenApplicationServiceErrorDomain/i,
    ExitCode.app,
    'The app is not installed there.',
    'Install it: `npx react-native run-ios`.',
  ],
];

/**
 * @param what was attempted, for what is not known
 * @param output standard output and standard error of xcrun
 */
export function xcrunError(what: string, output: string, code: number | null): UserError {
  for (const [pattern, exitCode, message, hint] of KNOWN) {
    if (pattern.test(output)) return new UserError(message, { hint, exitCode });
  }
  const [said = ''] = output.trim().split('\n').slice(-1);
  return new UserError(
    `${what} failed: ${said === '' ? `exit code ${code ?? 'unknown'}` : said}.`,
    {
      hint: 'Try the same in Xcode.',
      exitCode: code === 72 ? ExitCode.tool : ExitCode.device,
    },
  );
}
