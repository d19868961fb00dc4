import { runsReactNative } from '../../../project/host.ts';
import { PROTOCOL } from '../../../facts.ts';
import type { Check, Finding } from '../../check.ts';
import { settingOf } from '../../evidence.ts';
import { runningConfig } from '../../repo.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';

const NAME = PROTOCOL.nativeModule;
/** The file of the generated specification. */
const SPEC = `Native${NAME}.ts`;

export const moduleName: Check = {
  id: 'J20',
  title: `No other native module of the app is called ${NAME}`,
  severity: 'error',
  blocks: true,
  why: 'Of two native modules of a name one answers for both: the methods of the other are missing.',
  source: 'https://reactnative.dev/docs/turbo-native-modules-introduction',
  fix: 'Rename your module, in its native code, its specification and where JavaScript asks for it; or take it out.',
  explain: [
    `The generated package has the native module ${NAME}, and codegen makes its classes of the file src/${SPEC}. An app that did its background sync by itself before may well have a module of that name.`,
    'On Android the first package that has the module wins, without a word (ReactPackageTurboModuleManagerDelegate.kt; the old architecture ends the app: “Native module … tried to override …”). On iOS it is one of the two classes, or, with two specifications of one file name, the linker ends with duplicate symbols.',
    'bgsync renames nothing of yours: take your module out where bgsync replaces it, or give it another name. Pods, Objective-C classes and the Kotlin package of bgsync have prefixes of their own, and meet nobody.',
  ].join('\n\n'),
  appliesTo: (repo) => runsReactNative(repo) && runningConfig(repo) !== undefined,
  async run(repo) {
    const config = runningConfig(repo);
    if (config === undefined) return [];
    const evidence = [
      await settingOf(repo, 'moduleDir', `the generated package has the module ${NAME}`),
    ];
    const places = await Promise.all([
      ...(config.platforms.includes('ios') ? [find(repo, 'objc', inObjectiveC)] : []),
      ...(config.platforms.includes('android')
        ? [find(repo, 'kotlin', inKotlinOrJava), find(repo, 'java', inKotlinOrJava)]
        : []),
      ...((await hasCodegen(repo)) ? [find(repo, 'javascript', inJavaScript)] : []),
    ]);
    return places.flat().map((place): Finding => {
      const message = `a native module of the app's own is called ${NAME}, as the one of the generated package`;
      return { ...place, message, evidence };
    });
  },
};

/**
 * Whether codegen makes anything of the app's own specifications: without `codegenConfig` it reads none, and nothing is
 * searched for one: https://reactnative.dev/docs/the-new-architecture/what-is-codegen
 */
async function hasCodegen(repo: DoctorRepo): Promise<boolean> {
  return ((await repo.read('package.json')) ?? '').includes('"codegenConfig"');
}

async function find(
  repo: DoctorRepo,
  language: Parameters<DoctorRepo['sourcesContaining']>[0],
  offsetIn: (file: SourceFile) => number | undefined,
): Promise<{ file: string; line: number }[]> {
  const generated = `${repo.integration?.config?.moduleDir ?? ''}/`;
  const sources = await repo.sourcesContaining(language, [NAME]);
  return sources.flatMap((file) => {
    const offset = file.path.startsWith(generated) ? undefined : offsetIn(file);
    return offset === undefined ? [] : [{ file: file.path, line: file.line(offset) }];
  });
}

// https://reactnative.dev/docs/legacy/native-modules-ios#module-name
const EXPORTED = new RegExp(
  String.raw`\bRCT_(?:EXPORT_MODULE|EXPORT_MODULE_NO_LOAD|EXTERN_MODULE|EXTERN_REMAP_MODULE)\s?\(\s?${NAME}\b`,
);
const OWN_NAME = /\bRCT_EXPORT_MODULE\s?\(\s?\)/;
const CLASS = new RegExp(String.raw`@implementation (?:RCT)?${NAME}\b`);

/** A module without a name has that of its class, without RCT. */
const inObjectiveC = ({ code }: SourceFile): number | undefined =>
  EXPORTED.exec(code)?.index ?? (CLASS.test(code) ? OWN_NAME.exec(code)?.index : undefined);

/** What makes a class one of React Native's modules. */
const IS_MODULE =
  /\b(?:ReactContextBaseJavaModule|BaseJavaModule|ReactMethod|ReactModule|Native\w{1,60}Spec)\b/;
/** What may stand before the string that names it. */
const NAMES_IT =
  /(?:\bgetName\s?\(\s?\)[^;"']{0,60}|\bNAME\b[^;"'\n]{0,30}=\s?|@ReactModule\s?\([^;"']{0,30})$/;

const inKotlinOrJava = ({ code, strings }: SourceFile): number | undefined =>
  IS_MODULE.test(code)
    ? strings.find(({ text, offset }) => text === NAME && NAMES_IT.test(before(code, offset)))
        ?.offset
    : undefined;

const ASKS = /\bTurboModuleRegistry\s?\.\s?get(?:Enforcing)?[^;"']{0,80}\(\s{0,20}$/;

const inJavaScript = ({ code, strings }: SourceFile): number | undefined =>
  strings.find(({ text, offset }) => text === NAME && ASKS.test(before(code, offset)))?.offset;

/** As much of the code before a string as a call takes, without its quote. */
const before = (code: string, offset: number): string =>
  code.slice(Math.max(0, offset - 160), offset - 1);
