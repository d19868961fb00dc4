import { builtinModules } from 'node:module';
import { isAbsolute, relative, sep } from 'node:path';
import type { Culprit } from './world/loader.ts';
import type { MissingModule } from './world/missing-modules.ts';

const isBare = (specifier: string): boolean => !specifier.startsWith('.') && !isAbsolute(specifier);

const isNodeModule = (specifier: string): boolean =>
  specifier.startsWith('node:') || builtinModules.includes(specifier);

/**
 * Puts an error that ended the load into words: what, where, and the key to set.
 *
 * @param declared the packages that the app's package.json names
 */
export function explainLoadError(
  error: unknown,
  culprit: Culprit | undefined,
  root: string,
  declared: ReadonlySet<string> = new Set(),
): { message: string; hint: string } {
  const show = (file: string): string => relative(root, file).replaceAll('\\', '/');
  const text = describeError(error, root);
  if (culprit === undefined) {
    return {
      message: `${text}${placeOf(error, root)}`,
      hint: 'Mend the file; nothing was run.',
    };
  }
  const { specifier, importer, notFound, asked, through } = culprit;
  const whose =
    through === undefined
      ? importer && show(importer)
      : `${through.specifier}${through.importer === undefined ? '' : `, which ${show(through.importer)} imports`}`;
  const by = whose === undefined ? '' : ` (imported by ${whose})`;
  if (!isBare(specifier)) {
    return {
      message: `cannot find ${specifier}${by}.`,
      hint: 'Mend the path. `npx bgsync init` brings back a generated file that is missing.',
    };
  }
  if (notFound && isNodeModule(specifier)) {
    return {
      message: `${specifier}${by} is a part of Node, which a phone does not have.`,
      hint: 'Metro finds no package of that name either. Keep the import out of what the handler loads.',
    };
  }
  if (asked !== undefined && isNodeModule(asked)) {
    return {
      message: `${specifier}${by} asks for ${asked}, a part of Node, which a phone does not have.`,
      hint: `Metro finds it where metro.config.js (resolver.extraNodeModules) or Babel puts a package in its place. Write a stand-in for it here, and name that in bgsync.config.json, local.alias: ${aliasOf(asked)}`,
    };
  }
  const example = aliasOf(specifier);
  const [name = ''] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
  const install = declared.has(name)
    ? 'package.json has it: install the app’s packages'
    : 'Install it';
  return {
    message: notFound
      ? `cannot find the module ${specifier}${by}.`
      : // What follows is how to link it in an app, which this is not.
        `the module ${specifier}${by} cannot be loaded here: ${text.split('\n', 1)[0] ?? ''}`,
    hint: `${notFound ? `${install}, or write` : 'Write'} a stand-in for it and name that in bgsync.config.json, local.alias: ${example}`,
  };
}

type Missing = Omit<MissingModule, 'isIdle'>;

/** @returns for each package and file what native modules it asked for that are not here, and the key to set */
export function explainMissingModules(modules: readonly Missing[]): string[] {
  const askers = new Map<string, Missing[]>();
  for (const one of modules) {
    const asker = one.packageName ?? one.file ?? '';
    askers.set(asker, [...(askers.get(asker) ?? []), one]);
  }
  return [...askers].map(([asker, missing]) => {
    const names = missing
      .map(({ name }) => name)
      .filter((name) => name !== '')
      .join(', ');
    return missing[0]?.packageName === undefined
      ? `The native half of the app itself (${names}, which ${asker} asks for) is not played here. Where the handler needs it, let a file of its own ask for it, write a stand-in for that file, and name it in bgsync.config.json as it is imported: ${aliasOf(`./${missing[0]?.name ?? ''}`)}`
      : `${asker}: its native half${names === '' ? '' : ` (${names})`} is not played here. ${whereNeeded(asker)}`;
  });
}

/** @returns what to say of a method that a package's stand-in has not */
export const explainLack = (packageName: string, member: string): string =>
  `${packageName}: ${member} of its native half is not played here. ${whereNeeded(packageName)}`;

const whereNeeded = (packageName: string): string =>
  `Where the handler needs it, write a stand-in and name it in bgsync.config.json: ${aliasOf(packageName)}`;

const aliasOf = (specifier: string): string =>
  JSON.stringify({ local: { alias: { [specifier]: standIn(specifier) } } });

/** esbuild gives the place in the message itself. */
function describeError(error: unknown, root: string): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message } = error;
  const refused = message.replace(/^Transform failed with \d+ errors?:\n/, '');
  if (refused === message) return `${name}: ${message}`;
  return refused
    .replaceAll(`${root}${sep}`, '')
    .replace(/"import\.meta" is not .*/, 'Hermes has no import.meta');
}

const standIn = (specifier: string): string =>
  `local/${specifier.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')}.ts`;

/** The first line of the app's own code in a stack. */
function placeOf(error: unknown, root: string): string {
  if (!(error instanceof Error)) return '';
  const own = (error.stack ?? '')
    .split('\n')
    .find((line) => line.includes(root) && !line.includes(`${sep}node_modules${sep}`));
  const [, place] = /\(?((?:\/|[A-Za-z]:\\|file:)[^()]*:\d+):\d+\)?$/.exec(own ?? '') ?? [];
  return place === undefined
    ? ''
    : ` (${place.replace(/^file:\/\//, '').replace(`${root}${sep}`, '')})`;
}
