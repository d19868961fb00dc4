import type { ObjectExpression } from '@babel/types';
import type { Insertion } from './edit.ts';
import {
  bindingsOf,
  commaBehind,
  endOf,
  insertAtTop,
  insertBelow,
  isImport,
  quoteText,
  skipTrailing,
  startOf,
  styleOf,
} from './javascript.ts';
import type { CodeStyle, Module } from './javascript.ts';
import { isBuiltIn, isOpaque } from './js-config-object.ts';
import type { Located } from './js-config-object.ts';
import { indentUnit, isFirstOnLine, lineEnd, lineIndent, lineStart } from './text.ts';

/** Builds what is inserted into a react-native.config file. */

export interface ReactNativeDependency {
  /** Key in `dependencies`. */
  readonly name: string;
  /** The package's folder, relative to the file, with `/`. */
  readonly root: string;
  /** Whether a new file, or one that does not show it, is an ES module. */
  readonly esm: boolean;
}

export const formatKey = (name: string, quote: CodeStyle['quote']): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoteText(name, quote);

/** `fileURLToPath` decodes what a URL has encoded. */
export function urlExpression(root: string, quote: CodeStyle['quote']): string {
  const relative = /^\.\.?(?:\/|$)/.test(root) ? root : `./${root}`;
  const encoded = encodeURI(relative).replaceAll('?', '%3F').replaceAll('#', '%23');
  return `new URL(${quoteText(encoded, quote)}, import.meta.url)`;
}

interface ObjectStyle {
  readonly unit: string;
  readonly trailingComma: boolean;
  readonly padding: string;
}

/** Builds the insertions for one file. */
export class ConfigEdit {
  private readonly module: Module;
  private readonly config: Extract<Located, { status: 'found' }>;
  private readonly dependency: ReactNativeDependency;
  private readonly style: CodeStyle;

  constructor(
    module: Module,
    config: Extract<Located, { status: 'found' }>,
    dependency: ReactNativeDependency,
  ) {
    this.module = module;
    this.config = config;
    this.dependency = dependency;
    this.style = styleOf(module);
  }

  /** Adds the entry to the `dependencies` that are there. */
  extendDependencies(dependencies: ObjectExpression): Insertion[] {
    return this.build(dependencies, (root, style, indent) => this.entry(root, style, indent));
  }

  /** Adds `dependencies` with the entry. */
  addDependencies(): Insertion[] {
    return this.build(this.config.object, (root, style, indent) => {
      const inner = indent === undefined ? undefined : indent + style.unit;
      return `dependencies: ${this.object(this.entry(root, style, inner), style, indent)}`;
    });
  }

  private build(
    object: ObjectExpression,
    property: (root: string, style: ObjectStyle, indent: string | undefined) => string,
  ): Insertion[] {
    const { root, imports } = this.root();
    return [
      ...imports,
      ...this.insertProperty(object, (style, indent) => property(root, style, indent)),
    ];
  }

  private entry(root: string, style: ObjectStyle, indent: string | undefined): string {
    const key = formatKey(this.dependency.name, this.style.quote);
    return `${key}: ${this.object(`root: ${root}`, style, indent)}`;
  }

  /** An object literal with one property, in one line where `indent` is undefined. */
  private object(property: string, style: ObjectStyle, indent: string | undefined): string {
    if (indent === undefined) return `{${style.padding}${property}${style.padding}}`;
    const { newline } = this.style;
    const comma = style.trailingComma ? ',' : '';
    return `{${newline}${indent}${style.unit}${property}${comma}${newline}${indent}}`;
  }

  /** The expression for the package's absolute folder, and the import that it needs. */
  private root(): { root: string; imports: Insertion[] } {
    const { quote, semicolons } = this.style;
    const bindings = bindingsOf(this.module).filter(
      ({ isImport: isHoisted, end }) => isHoisted || end <= startOf(this.config.object),
    );
    const findLocal = (builtIn: string, imported: readonly string[]): string | undefined =>
      bindings.find(
        (binding) => isBuiltIn(binding.module, builtIn) && imported.includes(binding.imported),
      )?.local;

    if (!this.config.esm) {
      const path = quoteText(this.dependency.root, quote);
      const whole = findLocal('path', ['*', 'default']);
      const resolve = findLocal('path', ['resolve']);
      const callee =
        whole !== undefined
          ? `${whole}.resolve`
          : (resolve ?? `require(${quoteText('path', quote)}).resolve`);
      return { root: `${callee}(__dirname, ${path})`, imports: [] };
    }
    const url = urlExpression(this.dependency.root, quote);
    const direct = findLocal('url', ['fileURLToPath']);
    if (direct !== undefined) return { root: `${direct}(${url})`, imports: [] };
    const whole = findLocal('url', ['*', 'default']);
    if (whole !== undefined) return { root: `${whole}.fileURLToPath(${url})`, imports: [] };

    const module = quoteText('node:url', quote);
    const line = `import { fileURLToPath } from ${module}${semicolons ? ';' : ''}`;
    const last = this.module.program.body.findLast(isImport);
    const insertion =
      last === undefined ? insertAtTop(this.module, line) : insertBelow(this.module, last, line);
    return { root: `fileURLToPath(${url})`, imports: [insertion] };
  }

  /**
   * Adds a property at the object's end; in an object of several lines without a trailing comma at its start, where
   * no line has to change, unless a spread there could override it.
   */
  private insertProperty(
    object: ObjectExpression,
    property: (style: ObjectStyle, indent: string | undefined) => string,
  ): Insertion[] {
    const { source } = this.module;
    const { newline } = this.style;
    const open = startOf(object) + 1;
    const close = endOf(object) - 1;
    const inside = source.slice(open, close);
    const outer = lineIndent(source, startOf(object));
    const last = object.properties.at(-1);
    const padding = /^[\t ]/.test(inside) || inside === '' ? ' ' : '';

    if (last === undefined) {
      const style = { unit: this.unit(object), trailingComma: true, padding: ' ' };
      const indent = outer + style.unit;
      if (isFirstOnLine(source, close)) {
        const text = `${indent}${property(style, indent)},${newline}`;
        return [{ offset: lineStart(source, close), text }];
      }
      if (inside === '' && !this.isInOneLine(object)) {
        const text = `${newline}${indent}${property(style, indent)},${newline}${outer}`;
        return [{ offset: close, text }];
      }
      const text = property({ ...style, padding: ' ' }, undefined);
      return [
        { offset: open + inside.trimEnd().length, text: ` ${text}${inside === '' ? ' ' : ''}` },
      ];
    }

    const comma = commaBehind(this.module, endOf(last), close);
    const isMultiline = inside.includes('\n') && isFirstOnLine(source, startOf(last));
    if (!isMultiline) {
      const style = { unit: '', trailingComma: false, padding };
      const text = property(style, undefined);
      const isTight =
        comma === undefined && padding === '' && inside.includes(',') && !/,\s/.test(inside);
      return comma === undefined
        ? [{ offset: endOf(last), text: `,${isTight ? '' : ' '}${text}` }]
        : [{ offset: comma + 1, text: ` ${text},` }];
    }

    const style = { unit: this.unit(object), trailingComma: comma !== undefined, padding };
    const indent = lineIndent(source, startOf(last));
    const text = property(style, indent);
    // Comments that end the line belong to what stands on it.
    const behind = (offset: number): number => skipTrailing(this.module, offset);
    if (comma !== undefined) {
      const end = behind(comma + 1);
      const isLineEnd = lineEnd(source, end) === end;
      return [{ offset: isLineEnd ? end : comma + 1, text: `${newline}${indent}${text},` }];
    }
    const top = behind(open);
    if (lineEnd(source, top) === top && !object.properties.some(isOpaque)) {
      return [{ offset: top, text: `${newline}${indent}${text},` }];
    }
    return [{ offset: endOf(last), text: `,${newline}${indent}${text}` }];
  }

  /** Whether an object stands inside a configuration that is written in one line. */
  private isInOneLine(object: ObjectExpression): boolean {
    const config = this.config.object;
    const text = this.module.source.slice(startOf(config), endOf(config));
    return object !== config && !text.includes('\n');
  }

  /** How much deeper a property stands than the brace that it is in, taken from the object, else from the file. */
  private unit(object: ObjectExpression): string {
    const { source } = this.module;
    for (const candidate of [object, this.config.object]) {
      const outer = lineIndent(source, startOf(candidate));
      for (const property of candidate.properties) {
        const indent = lineIndent(source, startOf(property));
        const isDeeper = indent.length > outer.length && indent.startsWith(outer);
        if (isDeeper && isFirstOnLine(source, startOf(property))) return indent.slice(outer.length);
      }
    }
    return indentUnit(source);
  }
}
