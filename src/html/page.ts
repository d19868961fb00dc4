import { printable } from '../terminal.ts';

/** Text for an element or a quoted attribute. What a terminal would obey, a bidirectional override too, becomes a visible escape. */
export const escapeHtml = (text: string): string =>
  printable(text)
    // What HTML has no way to say: half of a surrogate pair.
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/**
 * A page that needs nothing else: no script, no address, no font. Follows the reader's light or dark.
 *
 * @param title text
 * @param main HTML, all text in it escaped
 */
export const htmlPage = (title: string, main: string): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${main}</main>
</body>
</html>
`;

/** The colours of text have a contrast of 4.5 to 1 at least with what is behind them, in both schemes. */
const STYLE = `
:root { color-scheme: light dark; --back: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa;
  --link: #0550ae; --error: #a40e26; --warning: #7d4e00; --info: #0550ae; --good: #116329; --mark: #0550ae; --wait: #8c959f; }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --text: #e6edf3; --soft: #9ea7b3; --line: #30363d;
  --panel: #161b22; --link: #79c0ff; --error: #ff9492; --warning: #f0b72f; --info: #79c0ff; --good: #4ac26b; --mark: #79c0ff; --wait: #6e7681; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 80rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; margin: 0; }
a { color: var(--link); } code, td, .place { font-family: ui-monospace, monospace; font-size: .875rem; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
article { border: 1px solid var(--line); border-left: .3rem solid currentColor; background: var(--panel); padding: .75rem 1rem; margin: .75rem 0; }
article > * { color: var(--text); }
.error { color: var(--error); } .warning { color: var(--warning); } .info { color: var(--info); } .good { color: var(--good); }
article p { margin: .4rem 0 0; } article ul { margin: .4rem 0 0; padding-left: 1.2rem; }
summary { cursor: pointer; } :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); padding: .3rem 0; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
fieldset { border: 1px solid var(--line); margin: 1rem 0; } label { margin-right: 1rem; white-space: nowrap; }
svg { display: block; width: 20rem; height: 1.4rem; } .bar { fill: currentColor; } .wait { fill: var(--wait); } .next { fill: var(--mark); }
td[class] svg { color: inherit; }
`;
