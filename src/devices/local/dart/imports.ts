import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readDart } from '../../../formats/dart.ts';
import { lineAt } from '../../../formats/text.ts';
import { fileOfPackage } from './packages.ts';
import type { DartPackage } from './packages.ts';

/** One import on the way from the handler. */
export interface ImportStep {
  /** Absolute. */
  readonly file: string;
  readonly line: number;
  readonly uri: string;
}

export interface DartImports {
  /** Absolute: every file that the handler loads. */
  readonly files: readonly string[];
  /** From the handler to the first import that plain Dart cannot load; empty where there is none. */
  readonly stoppedBy: readonly ImportStep[];
}

/** Libraries of an engine or a browser: https://api.dart.dev */
const NOT_IN_PLAIN_DART = /^dart:(?:ui|ui_web|html|js|js_interop|js_util|indexed_db|svg|web_\w+)$/;

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Follows imports, exports and parts from a file, the shortest way first. Of conditional imports, the first URI. */
export function followImports(start: string, packages: readonly DartPackage[]): DartImports {
  const ways = new Map<string, readonly ImportStep[]>([[start, []]]);
  let stoppedBy: readonly ImportStep[] = [];
  // A map that is gone through meets what is added on the way.
  for (const [file, way] of ways) {
    const source = read(file);
    if (source === undefined) continue;
    for (const { kind, uri, start: at } of readDart(source)?.directives ?? []) {
      if (uri === undefined || kind === 'library' || kind === 'part of') continue;
      const line = lineAt(source, at);
      const next = [...way, { file, line, uri }];
      const target = targetOf(uri, file, packages);
      const isMissing = target === undefined || read(target) === undefined;
      if (uri.startsWith('dart:') ? NOT_IN_PLAIN_DART.test(uri) : isMissing) {
        if (stoppedBy.length === 0) stoppedBy = next;
      } else if (target !== undefined && !ways.has(target)) ways.set(target, next);
    }
  }
  return { files: [...ways.keys()], stoppedBy };
}

function targetOf(uri: string, from: string, packages: readonly DartPackage[]): string | undefined {
  if (uri.startsWith('dart:')) return undefined;
  if (uri.startsWith('package:')) return fileOfPackage(uri, packages);
  return join(dirname(from), uri);
}
