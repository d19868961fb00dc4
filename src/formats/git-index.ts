const HEADER = 12;
/** Times, device, inode, mode, owner and size, before the name of the content. */
const STAT = 40;
/** SHA-1, and SHA-256 of repositories with that object format: the index itself does not say which. */
const NAMES_OF_CONTENT = [20, 32];
const EXTENDED = 0x4000;
const LENGTH = 0xfff;

/**
 * Whether git's index has a file whose path begins like this. Versions 2 to 4:
 * https://git-scm.com/docs/index-format
 *
 * @param prefix from the top of the repository, with `/`: `apps/mobile/ios/`
 * @returns undefined where these bytes are no index that can be read, or one that is split over several files
 */
export function hasPathBelow(bytes: Buffer, prefix: string): boolean | undefined {
  const start = Buffer.from(prefix);
  return search(bytes, () => (path) => path.subarray(0, start.length).equals(start));
}

/**
 * Which of these files git's index has, in whatever stage.
 *
 * @param paths from the top of the repository, with `/`
 * @returns undefined as {@link hasPathBelow} does
 */
export function pathsOfIndex(
  bytes: Buffer,
  paths: readonly string[],
): ReadonlySet<string> | undefined {
  const asked = new Set(paths);
  const lengths = new Set(paths.map((path) => Buffer.byteLength(path)));
  let found = new Set<string>();
  const hasAll = search(bytes, () => {
    found = new Set();
    return (path) => {
      const name = lengths.has(path.length) ? path.toString() : undefined;
      if (name !== undefined && asked.has(name)) found.add(name);
      return found.size === asked.size;
    };
  });
  return hasAll === undefined ? undefined : found;
}

type IsFound = (path: Buffer) => boolean;

/**
 * @param begin gives what is asked of each path, in the index's order, until it is true; called again where the index
 *   turns out to be written otherwise than was tried
 * @returns whether it was true of one
 */
function search(bytes: Buffer, begin: () => IsFound): boolean | undefined {
  if (bytes.length < HEADER || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return undefined;
  for (const size of NAMES_OF_CONTENT) {
    const answer = searchEntries(bytes, version, STAT + size, begin());
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** @param flags where they are in an entry */
function searchEntries(
  bytes: Buffer,
  version: number,
  flags: number,
  isFound: IsFound,
): boolean | undefined {
  const count = bytes.readUInt32BE(8);
  let at = HEADER;
  let path: Buffer = Buffer.alloc(0);
  for (let entry = 0; entry < count; entry += 1) {
    if (at + flags + 4 > bytes.length) return undefined;
    const flag = bytes.readUInt16BE(at + flags);
    let from = at + flags + ((flag & EXTENDED) === 0 ? 2 : 4);
    let kept = 0;
    if (version === 4) {
      const strip = readOffset(bytes, from);
      if (strip === undefined || strip.value > path.length) return undefined;
      kept = path.length - strip.value;
      from = strip.end;
    }
    const end = bytes.indexOf(0, from);
    if (end === -1) return undefined;
    const rest = bytes.subarray(from, end);
    path = kept === 0 ? rest : Buffer.concat([path.subarray(0, kept), rest]);
    if ((flag & LENGTH) !== Math.min(path.length, LENGTH)) return undefined;
    if (isFound(path)) return true;
    // Up to eight NULs fill an entry up to eight bytes; version 4 has one.
    at = version === 4 ? end + 1 : at + ((end - at + 8) & ~7);
  }
  // A split index has most of its entries in another file.
  return bytes.toString('latin1', at, at + 4) === 'link' ? undefined : false;
}

/** A number as packs write the distance to another object: https://git-scm.com/docs/pack-format */
function readOffset(
  bytes: Buffer,
  from: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let at = from; at < bytes.length && at < from + 4; at += 1) {
    const byte = bytes.readUInt8(at);
    value = at === from ? byte & 0x7f : (value + 1) * 0x80 + (byte & 0x7f);
    if ((byte & 0x80) === 0) return { value, end: at + 1 };
  }
  return undefined;
}
