/** A manifest with its comments as spaces; every offset and line break stays. */
export const noCommentsOf = (xml: string): string =>
  xml.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => comment.replace(/[^\r\n]/g, ' '));
