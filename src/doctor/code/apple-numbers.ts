import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { appleSourcesContaining } from './function-index.ts';

const DEEPEST = 8;
const LONGEST = 300;
/** Of one name, in all files: far beyond any real one. */
const MOST_DECLARATIONS = 20;

/** In seconds. */
const UNITS: Readonly<Record<string, number>> = {
  days: 86_400,
  hours: 3600,
  minutes: 60,
  seconds: 1,
  milliseconds: 1e-3,
  microseconds: 1e-6,
  nanoseconds: 1e-9,
};

/**
 * What an expression of numbers in Swift or Objective-C comes to: literals, constants of the app's own files, sums and
 * products, conversions such as `TimeInterval(…)`, and a Measurement or Duration, which comes out in seconds.
 *
 * @param code masked
 * @returns undefined where it cannot be told, or where two constants of that name differ
 */
export async function appleNumber(
  repo: DoctorRepo,
  code: string,
  depth = 0,
): Promise<number | undefined> {
  if (depth > DEEPEST || code.length > LONGEST) return undefined;
  const tokens =
    code.match(/\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?[fFlLuU]*|\.?[A-Za-z_][\w.]*|[^\s\w]/g) ??
    [];
  const parser = new Sum(repo, tokens, depth);
  const value = await parser.sum();
  return parser.isDone && value !== undefined && Number.isFinite(value) ? value : undefined;
}

class Sum {
  private readonly repo: DoctorRepo;
  private readonly tokens: readonly string[];
  private readonly depth: number;
  private at = 0;

  constructor(repo: DoctorRepo, tokens: readonly string[], depth: number) {
    this.repo = repo;
    this.tokens = tokens;
    this.depth = depth;
  }

  get isDone(): boolean {
    return this.at === this.tokens.length;
  }

  async sum(nesting = 0): Promise<number | undefined> {
    let value = await this.product(nesting);
    for (let sign = this.take('+', '-'); sign !== undefined; sign = this.take('+', '-')) {
      const next = await this.product(nesting);
      if (value === undefined || next === undefined) return undefined;
      value = sign === '+' ? value + next : value - next;
    }
    return value;
  }

  private async product(nesting: number): Promise<number | undefined> {
    let value = await this.single(nesting);
    for (let sign = this.take('*', '/'); sign !== undefined; sign = this.take('*', '/')) {
      const next = await this.single(nesting);
      if (value === undefined || next === undefined) return undefined;
      value = sign === '*' ? value * next : value / next;
    }
    return value;
  }

  private async single(nesting: number): Promise<number | undefined> {
    const token = this.tokens[this.at];
    if (token === undefined || nesting > DEEPEST) return undefined;
    if (this.take('-') !== undefined) {
      const value = await this.single(nesting + 1);
      return value === undefined ? undefined : -value;
    }
    this.at += 1;
    if (/^\d/.test(token)) return Number(token.replace(/[_fFlLuU]/g, ''));
    if (token === '(') return this.closed(nesting);
    if (!/^\.?[A-Za-z_]/.test(token)) return undefined;
    if (this.take('(') === undefined) return named(this.repo, token, this.depth + 1);
    if (token === 'Measurement') return this.measurement();
    const value = await this.closed(nesting);
    const unit = /^(?:Duration|DispatchTimeInterval)?\.(\w+)$/.exec(token)?.[1];
    const factor = unit === undefined ? 1 : UNITS[unit];
    const isConversion =
      unit !== undefined ||
      /^(?:TimeInterval|NSTimeInterval|Double|Float|CGFloat|Int\d*|UInt\d*)$/.test(token);
    return value === undefined || factor === undefined || !isConversion
      ? undefined
      : value * factor;
  }

  /** `(value: 15, unit: UnitDuration.minutes).converted(to: .seconds).value` */
  private measurement(): number | undefined {
    const text = this.tokens.slice(this.at).join('');
    const match =
      /^value:([\d._]+),unit:(?:UnitDuration)?\.(\w+)\)(?:\.converted\(to:(?:UnitDuration)?\.(\w+)\))?\.value/.exec(
        text,
      );
    if (match === null) return undefined;
    const [whole, amount = '', from = '', to = from] = match;
    for (let length = 0; length < whole.length; this.at += 1) {
      length += (this.tokens[this.at] ?? ' ').length;
    }
    const [each, into] = [UNITS[from], UNITS[to]];
    if (each === undefined || into === undefined) return undefined;
    return (Number(amount.replaceAll('_', '')) * each) / into;
  }

  private async closed(nesting: number): Promise<number | undefined> {
    const value = await this.sum(nesting + 1);
    return this.take(')') === undefined ? undefined : value;
  }

  private take(...wanted: readonly string[]): string | undefined {
    const token = this.tokens[this.at];
    if (token === undefined || !wanted.includes(token)) return undefined;
    this.at += 1;
    return token;
  }
}

/** The one value that the app's own declarations of a name have. */
async function named(repo: DoctorRepo, path: string, depth: number): Promise<number | undefined> {
  const name = path.split('.').at(-1) ?? '';
  if (!/^[A-Za-z_]\w*$/.test(name) || depth > DEEPEST) return undefined;
  const values = new Set<number>();
  let seen = 0;
  for (const file of await appleSourcesContaining(repo, [name])) {
    for (const text of valuesOf(file, name)) {
      seen += 1;
      const value = seen > MOST_DECLARATIONS ? undefined : await appleNumber(repo, text, depth + 1);
      if (value === undefined) return undefined;
      values.add(value);
    }
  }
  const [only, second] = values;
  return second === undefined ? only : undefined;
}

/** The code behind each `let name =`, `static const … name =` and `#define name`. */
function valuesOf(file: SourceFile, name: string): string[] {
  const declared = new RegExp(
    `\\b(?:let|var)\\s+${name}\\s*(?::\\s*[\\w.]+\\s*)?=\\s*|\\bconst\\s+[\\w ]{1,60}?\\b${name}\\s*=\\s*|^[ \\t]*#define[ \\t]+${name}[ \\t]+|\\bcase\\s+${name}\\s*=\\s*`,
    'gm',
  );
  return [...file.code.matchAll(declared)].map(({ index, 0: text }) => {
    const from = index + text.length;
    const rest = file.code.slice(from, from + LONGEST);
    return rest.slice(0, rest.search(/[;\n}{]|$/)).trim();
  });
}
