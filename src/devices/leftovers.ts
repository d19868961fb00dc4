import type { Finding } from '../events/parse.ts';

/** A line that is ours and no event that can be shown. */
export type Unreadable = Exclude<Finding, { readonly kind: 'event' }>;

/** What a log holds of ours besides events. */
export class Leftovers {
  malformed = 0;
  redacted = 0;
  /** The highest version of the format that this bgsync cannot read; 0 where there is none. */
  newer = 0;

  /** @returns whether it is the first of its kind */
  add(finding: Unreadable): boolean {
    if (finding.kind === 'newer') {
      const isFirst = this.newer === 0;
      this.newer = Math.max(this.newer, finding.version);
      return isFirst;
    }
    this[finding.kind] += 1;
    return this[finding.kind] === 1;
  }

  get counts(): { readonly malformed: number; readonly redacted: number; readonly newer: number } {
    return { malformed: this.malformed, redacted: this.redacted, newer: this.newer };
  }

  /** A sentence for each kind that was met. */
  describe(): string[] {
    const { malformed, redacted, newer } = this;
    const texts: string[] = [];
    if (malformed > 0) texts.push(`${malformed} of our lines are cut or damaged; not counted.`);
    if (redacted > 0) {
      texts.push(
        `${redacted} of our lines are redacted (<private>): the app logs them without \`privacy: .public\`, or the log was taken without the right to see private data. \`npx bgsync logs --history\` reads the app’s own record, which is never redacted.`,
      );
    }
    if (newer > 0) {
      texts.push(`Some events have format ${newer}, which this bgsync cannot read. Update bgsync.`);
    }
    return texts;
  }
}

/** What the first line of its kind means, while more may follow. */
export function describeUnreadable(finding: Unreadable): string {
  const one = new Leftovers();
  one.add(finding);
  const [text = ''] = one.describe();
  return text.replace(/^1 of our lines are/, 'A line of ours is');
}
