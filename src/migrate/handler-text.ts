import { posix } from 'node:path';
import { importSpecifier } from '../integrations/model.ts';
import { quoteText } from '../formats/javascript.ts';

/** A name that the handler imports. */
export interface ImportNeed {
  readonly local: string;
  /** The export: its name, `default`, or `*`. */
  readonly imported: string;
  /** As the handler names it. */
  readonly module: string;
  readonly isType: boolean;
}

/** One sync of the handler. */
export interface HandlerPart {
  /** Under `tasks` of the config; undefined for the first. */
  readonly name: string | undefined;
  readonly imports: readonly ImportNeed[];
  /** Lines above drainQueue; they have their own marks. */
  readonly comments: readonly string[];
  /** What it takes of its window. */
  readonly parameter: string;
  /** Lines of its body, without its own indentation. */
  readonly body: readonly string[];
}

/** How the handler imports what a file of the app imports from elsewhere. */
export function specifierFrom(handler: string, file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const target = posix.join(posix.dirname(file), specifier);
  const path = posix.relative(posix.dirname(handler), target);
  return path.startsWith('.') ? path : `./${path}`;
}

/**
 * The handler that the bodies of old tasks went into.
 *
 * @param from the files that bodies stood in; none where each stays, and is called
 */
export function handlerText(
  { handler, moduleDir }: { readonly handler: string; readonly moduleDir: string },
  parts: readonly HandlerPart[],
  from: readonly string[],
): string {
  const isTyped = /\.tsx?$/.test(handler);
  const ours = quoteText(importSpecifier(handler, `${moduleDir}/src`), "'");
  const lines = [
    '/**',
    ' * What this app syncs in the background. This file is yours: bgsync made it once and never overwrites it.',
    from.length === 0
      ? ' * `bgsync migrate` made it: it calls what the old library called.'
      : ` * \`bgsync migrate\` moved it here from ${from.join(' and ').replaceAll('*/', '* /')}.`,
    ' */',
    ...importLines(parts.flatMap(({ imports }) => imports)),
    ...(isTyped ? [`import type { SyncQueueService } from ${ours};`] : []),
    `import { registerBackgroundSync } from ${ours};`,
    '',
  ];
  for (const { name, comments, parameter, body } of parts) {
    const variable = variableOf(name);
    lines.push(
      `const ${variable}${isTyped ? ': SyncQueueService' : ''} = {`,
      ...comments.map((line) => (line === '' ? '' : `  ${line}`)),
      `  async drainQueue(${parameter}) {`,
      ...body.map((line) => (line === '' ? '' : `    ${line}`)),
      '  },',
      '};',
      '',
    );
  }
  lines.push(
    '// At the top level: when the OS starts the app in the background, no component is ever rendered.',
  );
  for (const { name } of parts) {
    const variable = variableOf(name);
    const queue = variable === 'queue' ? 'queue' : `queue: ${variable}`;
    const named = name === undefined ? '' : `name: '${name}', `;
    lines.push(`registerBackgroundSync({ ${named}${queue} });`);
  }
  return `${lines.join('\n')}\n`;
}

/** `upload-photos`: `uploadPhotosQueue` */
const variableOf = (name: string | undefined): string =>
  name === undefined
    ? 'queue'
    : `${name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Queue`;

function importLines(needs: readonly ImportNeed[]): string[] {
  const lines: string[] = [];
  const modules = [...new Set(needs.map(({ module }) => module))];
  for (const module of modules) {
    const from = `from ${quoteText(module, "'")};`;
    const own = needs.filter((need) => need.module === module);
    for (const isType of [false, true]) {
      const word = isType ? 'import type' : 'import';
      const some = own.filter((need) => need.isType === isType);
      for (const local of locals(some, '*')) lines.push(`${word} * as ${local} ${from}`);
      for (const local of locals(some, 'default')) lines.push(`${word} ${local} ${from}`);
      const named = some.filter(({ imported }) => !['*', 'default'].includes(imported));
      const names = new Set(
        named.map(({ imported, local }) =>
          imported === local ? local : `${imported} as ${local}`,
        ),
      );
      if (names.size > 0) lines.push(`${word} { ${[...names].sort().join(', ')} } ${from}`);
    }
  }
  return lines;
}

const locals = (needs: readonly ImportNeed[], imported: string): string[] => [
  ...new Set(needs.filter((need) => need.imported === imported).map(({ local }) => local)),
];
