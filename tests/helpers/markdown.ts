import { readFileSync } from 'node:fs';
import { format, type FormatConfig } from 'oxfmt';

const config = JSON.parse(
  readFileSync(new URL('../../.oxfmtrc.json', import.meta.url), 'utf8'),
) as FormatConfig;

/**
 * Formats a generated page as `npm run format` would.
 *
 * @param text Markdown
 * @returns it as it stands in the repo
 * @throws what the formatter could not read
 */
export async function formatMarkdown(text: string): Promise<string> {
  const { code, errors } = await format('page.md', text, config);
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return code;
}
