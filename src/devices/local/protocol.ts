import type { Config } from '../../config.ts';
import type { PreludePart } from '../../formats/entry-prelude.ts';
import type { BatteryState } from '../../schedule/policy.ts';
import * as v from 'valibot';
import type { LocalNetwork } from './device.ts';

/** Descriptor of the child's pipe that ends with the parent (exec.ts). */
export const PARENT_PIPE = 4;

/** The header in which a request to the played server says where it should have gone. */
export const ASKED_URL = 'x-bgsync-url';

/** The first of the platforms is the one that is played. */
export const playedOs = ({ platforms }: Pick<Config, 'platforms'>): 'android' | 'ios' =>
  platforms.includes('android') ? 'android' : 'ios';

/** Parts of a file that run one after the other, each as if it were the file. */
export interface Prelude {
  /** Absolute. */
  readonly file: string;
  readonly parts: readonly PreludePart[];
}

/** What the child needs to know before it loads the app's code. Paths are absolute. */
export interface Setup {
  readonly type: 'setup';
  readonly root: string;
  readonly handler: string;
  /** The folder of the generated package. */
  readonly generated: string;
  /** What the entry file does before the handler is loaded. */
  readonly prelude?: Prelude | undefined;
  /** What `Platform.OS` says. */
  readonly os: 'android' | 'ios';
  /** Module specifier to file. */
  readonly alias: Readonly<Record<string, string>>;
  readonly network: LocalNetwork;
  readonly battery: BatteryState;
  /** Where all that the handler asks of a server goes, whatever it asks; undefined: where it asks. */
  readonly server?: string;
  /** Where stand-ins keep their files. */
  readonly dataFolder: string;
  /** The file with what of the app's tsconfig changes how its code runs. */
  readonly tsconfig: string;
}

export interface Reply {
  readonly type: 'reply';
  readonly id: number;
  readonly value: unknown;
}

export type ToChild = Setup | Reply;

const fromChild = v.variant('type', [
  /** The handler file has run to its end. */
  v.object({ type: v.literal('loaded') }),
  /** Files of the app's own, without packages, that are about to be loaded, with the handler or in a run. Absolute. */
  v.object({ type: v.literal('files'), files: v.array(v.string()) }),
  /** Nothing is left in the child that could still call `registerBackgroundSync`. */
  v.object({ type: v.literal('idle') }),
  v.object({ type: v.literal('load-failed'), message: v.string(), hint: v.string() }),
  /** The first use of a package whose native half is played. */
  v.object({ type: v.literal('stand-in'), name: v.string(), keeps: v.string() }),
  /** Something that the user should know of the world that is played. */
  v.object({ type: v.literal('note'), text: v.string() }),
  /** A method of the native module; `id` is 0 where nobody waits for the answer. */
  v.object({
    type: v.literal('call'),
    id: v.pipe(v.number(), v.integer(), v.minValue(0)),
    method: v.picklist([
      'registerTask',
      'cancel',
      'scheduleNext',
      'configure',
      'getStatus',
      'getHistory',
      'nextRun',
      'endedRun',
      'whenExpired',
      'progress',
      'complete',
      'beginForeground',
    ]),
    args: v.array(v.unknown()),
  }),
]);

export type FromChild = v.InferOutput<typeof fromChild>;
export type NativeCall = Extract<FromChild, { type: 'call' }>;

/** @returns undefined for what is not ours: the app's code may send messages of its own */
export function readFromChild(message: unknown): FromChild | undefined {
  const result = v.safeParse(fromChild, message);
  return result.success ? result.output : undefined;
}
