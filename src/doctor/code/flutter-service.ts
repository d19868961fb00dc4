import type { DoctorRepo } from '../repo.ts';
import { dartCalls } from './dart.ts';
import type { DartCall } from './dart.ts';
import { codeOf } from './kotlin-declarations.ts';
import { dartUsing } from './pub-packages.ts';

/** https://pub.dev/packages/flutter_background_service */
export const FLUTTER_SERVICE = 'flutter_background_service';
export const FLUTTER_SERVICE_CLASS = 'id.flutter.flutter_background_service.BackgroundService';

/** Where the app sets the plugin's service up to go into the foreground. */
export async function foregroundConfigurations(repo: DoctorRepo): Promise<readonly DartCall[]> {
  const files = await dartUsing(repo, FLUTTER_SERVICE);
  return files
    .flatMap((file) => dartCalls(file, /\bAndroidConfiguration/))
    .filter((call) => !call.named.has(MODE) || isTrue(call, MODE));
}

const MODE = 'isForegroundMode';

export function isTrue({ file, named }: DartCall, name: string): boolean {
  const range = named.get(name);
  return range !== undefined && codeOf(file, range) === 'true';
}
