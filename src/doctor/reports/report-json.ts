/** What JSON leaves as it is and a terminal acts on. */
const UNPRINTABLE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A document in lines, with its last line ending. Nothing in it moves a cursor or reorders text, and nothing is lost. */
export const reportJson = (document: unknown): string =>
  `${JSON.stringify(document, null, 2).replace(
    UNPRINTABLE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`;
