/**
 * What a terminal obeys, or lets change the order of what it shows: control characters (tab and line feed apart), marks
 * and overrides of the direction (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters), line separators.
 */
const OBEYED =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Makes text from a repo, a log or a device safe to print: control characters, bidirectional overrides and line
 * separators become visible escapes, so that no content can move the cursor, recolour or reorder what is shown.
 */
export const printable = (text: string): string => text.replace(OBEYED, escaped);

/** {@link printable}, on one line. */
export const printableLine = (text: string): string =>
  printable(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');

/** A document in lines, with its last line ending: safe to print as {@link printable} text is, and nothing of it is lost. */
export const printableJson = (document: unknown): string =>
  // In JSON the escape means the character itself.
  `${printable(JSON.stringify(document, null, 2))}\n`;
