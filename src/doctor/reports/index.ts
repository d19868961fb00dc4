import type { Colors } from '../../events/format.ts';
import { wrapText } from '../../wrap.ts';
import type { DoctorReport } from '../judge.ts';
import type { ReportPlace } from './report-place.ts';
import { textReport } from './text.ts';

export const FORMATS = ['text', 'json', 'sarif', 'github', 'junit', 'html'] as const;

export type Format = (typeof FORMATS)[number];

export interface FormatOptions {
  /** How a person calls what was looked at. */
  readonly name: string;
  readonly colors: Colors;
  /** Of the terminal, in columns; undefined where there is none. */
  readonly width?: number | undefined;
  /** A command of bgsync as it is typed where the user is. */
  readonly here: (command: string) => string;
  readonly place: ReportPlace;
  /** What `json` says beside the findings. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** @returns the report, whole, with its last line ending */
export async function formatReport(
  format: Format,
  report: DoctorReport,
  { name, colors, width, here, place, facts }: FormatOptions,
): Promise<string> {
  switch (format) {
    case 'text':
      return wrapText(textReport(report, colors, here), width);
    case 'json':
      return (await import('./json.ts')).jsonReport(report, facts);
    case 'sarif':
      return (await import('./sarif.ts')).sarifReport(report, place);
    case 'github':
      return (await import('./github.ts')).githubReport(report, place);
    case 'junit':
      return (await import('./junit.ts')).junitReport(report);
    case 'html':
      return (await import('./html.ts')).htmlReport(report, name);
  }
}
