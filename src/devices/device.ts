/** A phone, tablet, emulator or simulator, as a person chooses among them. */
export interface Device {
  readonly platform: 'android' | 'ios';
  readonly kind: 'device' | 'emulator' | 'simulator';
  /** What `--device` takes: an adb serial, a simulator's or an iPhone's UDID. */
  readonly id: string;
  /** Other names that `--device` takes. */
  readonly aliases: readonly string[];
  /** Model or name; '' where it is not told. */
  readonly name: string;
  /** The tool's own word: `device`, `unauthorized`, `Booted` … */
  readonly state: string;
  /** What stands in the way of using it, with what to do; undefined where nothing does. */
  readonly problem: string | undefined;
}

export const isUsable = (device: Device): boolean => device.problem === undefined;
