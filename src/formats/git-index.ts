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
  if (bytes.length < HEADER || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return undefined;
  for (const size of NAMES_OF_CONTENT) {
    const answer = search(bytes, version, STAT + size, Buffer.from(prefix));
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** @param flags where they are in an entry */
function search(
  bytes: Buffer,
  version: number,
  flags: number,
  prefix: Buffer,
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
    if (path.length >= prefix.length && path.subarray(0, prefix.length).equals(prefix)) return true;
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
