import { parse as parseOracle } from '@bacons/xcode/json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PbxprojSyntaxError, parsePbxproj } from '../../src/formats/pbxproj.ts';
import { findAppTargets } from '../../src/formats/xcode-project.ts';
import { numRuns } from './runs.ts';

interface Dict {
  [key: string]: Tree;
}
type Tree = string | Tree[] | Dict;

interface Style {
  readonly unit: string;
  readonly newline: string;
  readonly mark: string;
  readonly hasComments: boolean;
  readonly quotesAll: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({
  unit: fc.constantFrom('\t', '  ', '    ', ''),
  newline: fc.constantFrom('\n', '\r\n'),
  mark: fc.constantFrom('', '\uFEFF'),
  hasComments: fc.boolean(),
  quotesAll: fc.boolean(),
});

function printString(text: string, { quotesAll }: Style): string {
  if (!quotesAll && /^[A-Za-z_][A-Za-z0-9_./]*$/.test(text)) return text;
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

function print(tree: Tree, how: Style, indent = ''): string {
  const inner = indent + how.unit;
  const comment = how.hasComments ? ' /* } "é" */' : '';
  if (typeof tree === 'string') return printString(tree, how) + comment;
  if (Array.isArray(tree)) {
    const items = tree.map((item) => `${inner}${print(item, how, inner)},`);
    return ['(', ...items, `${indent})`].join(how.newline);
  }
  const pairs = Object.entries(tree).map(
    ([key, item]) => `${inner}${printString(key, how)}${comment} = ${print(item, how, inner)};`,
  );
  return ['{', ...pairs, `${indent}}`].join(how.newline);
}

const printProject = (tree: Tree, how: Style): string =>
  `${how.mark}// !$*UTF8*$!${how.newline}${print(tree, how)}${how.newline}`;

const TYPES = ['application', 'app-extension', 'bundle.unit-test', 'watchapp2'].map(
  (name) => `com.apple.product-type.${name}`,
);
const name = fc.stringMatching(/^[A-Za-zé日_][A-Za-z0-9é日 ."'\\_-]{0,10}$/);
const settings = fc.record(
  {
    SDKROOT: fc.constantFrom('iphoneos', 'watchos', 'appletvos', 'macosx', 'auto'),
    SUPPORTED_PLATFORMS: fc.constantFrom(
      'iphoneos iphonesimulator',
      'appletvos appletvsimulator',
      'iphoneos macosx',
    ),
    INFOPLIST_FILE: name,
    PRODUCT_BUNDLE_IDENTIFIER: name,
    GENERATE_INFOPLIST_FILE: fc.constantFrom('YES', 'NO'),
    LD_FLAGS: fc.array(name, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
type Settings = Dict;
const configurations = fc.uniqueArray(
  fc.record({ name: fc.constantFrom('Debug', 'Release', 'Staging'), settings }),
  { selector: (one) => one.name, minLength: 1, maxLength: 3 },
);
const graph = fc
  .record({
    shared: configurations,
    targets: fc.array(fc.record({ name, type: fc.constantFrom(...TYPES), configurations }), {
      maxLength: 4,
    }),
    // Ids as people write them by hand.
    prefix: fc.constantFrom('A0', 'target.', 'Ünï '),
  })
  .map(({ shared, targets, prefix }): Tree => {
    const objects: Dict = {};
    const addList = (id: string, list: readonly { name: string; settings: Settings }[]): string => {
      for (const [index, one] of list.entries()) {
        objects[`${id}${index}`] = {
          isa: 'XCBuildConfiguration',
          buildSettings: one.settings,
          name: one.name,
        };
      }
      objects[id] = {
        isa: 'XCConfigurationList',
        buildConfigurations: list.map((_one, index) => `${id}${index}`),
        defaultConfigurationName: list[0]?.name ?? '',
      };
      return id;
    };
    const ids = targets.map((target, index) => {
      const id = `${prefix}${index}`;
      objects[id] = {
        isa: 'PBXNativeTarget',
        name: target.name,
        productType: target.type,
        buildConfigurationList: addList(`${id}list`, target.configurations),
      };
      return id;
    });
    objects.ROOT = {
      isa: 'PBXProject',
      buildConfigurationList: addList('SHARED', shared),
      targets: [...ids, 'GONE'],
    };
    return { archiveVersion: '1', objectVersion: '77', objects, rootObject: 'ROOT' };
  });

/** What the oracle's tree says, by the rules of Xcode in their shortest form. */
interface OracleConfiguration {
  name: string;
  buildSettings: Record<string, string | string[] | undefined>;
}
interface OracleObject {
  isa: string;
  name: string;
  productType: string;
  targets: string[];
  buildConfigurationList: string;
  buildConfigurations: string[];
  defaultConfigurationName: string;
}

function appsOf(text: string) {
  const { objects, rootObject } = parseOracle(text.replace(/^\uFEFF/, '')) as unknown as {
    objects: Record<string, OracleObject & OracleConfiguration>;
    rootObject: string;
  };
  const listOf = (owner: OracleObject): OracleConfiguration[] =>
    objects[owner.buildConfigurationList]!.buildConfigurations.map((id) => objects[id]!);
  const root = objects[rootObject]!;
  const shared = listOf(root);
  return root.targets
    .map((id) => objects[id])
    .filter((target) => target?.productType === TYPES[0])
    .map((target) => ({
      name: target!.name,
      configurations: listOf(target!).map((own) => {
        const base = shared.find((one) => one.name === own.name) ?? shared[0]!;
        return { name: own.name, own: own.buildSettings, base: base.buildSettings };
      }),
    }))
    .filter(({ configurations: list }) =>
      list.some(({ own, base }) => {
        for (const level of [own, base]) {
          const platforms = level.SUPPORTED_PLATFORMS;
          if (platforms !== undefined) return String(platforms).split(' ').includes('iphoneos');
          const sdk = level.SDKROOT;
          if (sdk !== undefined && sdk !== 'auto') return sdk === 'iphoneos';
        }
        return false;
      }),
    );
}

const asText = (tree: unknown): unknown =>
  Array.isArray(tree)
    ? tree.map(asText)
    : typeof tree === 'object' && tree !== null
      ? Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, asText(item)]))
      : String(tree);

describe('a project of any targets, settings and layout', () => {
  it('is read as @bacons/xcode reads it', () => {
    fc.assert(
      fc.property(graph, style, (tree, how) => {
        const text = printProject(tree, how);
        const parsed = parsePbxproj(text);
        expect(asText(parsed)).toEqual(tree);
        expect(asText(parseOracle(text.replace(/^\uFEFF/, '')))).toEqual(asText(parsed));
      }),
      { numRuns },
    );
  });

  it('has the iOS app targets and settings that the oracle finds', () => {
    fc.assert(
      fc.property(graph, style, (tree, how) => {
        const text = printProject(tree, how);
        const found = findAppTargets(parsePbxproj(text)).map((target) => ({
          name: target.name,
          configurations: target.configurations.map((one) => ({
            name: one.name,
            infoPlistFile: one.infoPlistFile,
            generatesInfoPlist: one.generatesInfoPlist,
            bundleId: one.bundleId,
            flags: one.settings.LD_FLAGS,
          })),
        }));
        const expected = appsOf(text).map((target) => ({
          name: target.name,
          configurations: target.configurations.map(({ name: configuration, own, base }) => {
            const get = (key: string) => own[key] ?? base[key];
            const flags = get('LD_FLAGS');
            return {
              name: configuration,
              infoPlistFile: get('INFOPLIST_FILE'),
              generatesInfoPlist: get('GENERATE_INFOPLIST_FILE') === 'YES',
              bundleId: get('PRODUCT_BUNDLE_IDENTIFIER'),
              flags: Array.isArray(flags) ? flags.join(' ') : flags,
            };
          }),
        }));
        expect(found).toEqual(expected);
      }),
      { numRuns },
    );
  });

  it('throws nothing but its own error where it is broken', () => {
    fc.assert(
      fc.property(graph, style, fc.nat(), fc.nat({ max: 20 }), (tree, how, at, length) => {
        const text = printProject(tree, how);
        const start = at % (text.length + 1);
        try {
          findAppTargets(parsePbxproj(text.slice(0, start) + text.slice(start + length)));
        } catch (error) {
          expect(error).toBeInstanceOf(PbxprojSyntaxError);
        }
      }),
      { numRuns },
    );
  });
});
