import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numRuns } from '../../property/runs.ts';
import { resolveBuildPath } from '../../../src/formats/build-settings.ts';
import { PbxprojSyntaxError, parsePbxproj } from '../../../src/formats/pbxproj.ts';
import type { PbxprojValue } from '../../../src/formats/pbxproj.ts';
import { findAppTargets, findOtherPlatforms } from '../../../src/formats/xcode-project.ts';
import { TEMPLATES, readTemplate } from './edits.ts';

describe('parsePbxproj', () => {
  it('reads every kind of value', () => {
    const text = `// !$*UTF8*$!
{
  plain = a/b.c_$-1:2; /* comment */
  "quoted key" = "a \\"b\\" \\n\\t\\\\ \\U00e9 \\101";
  'single' = 'it"s';
  data = <0fbd 77>;
  list = ( a, "b", (), {}, );
  bare = (a /* one */, b);
  __proto__ = x;
}`;
    expect({ ...parsePbxproj(text) }).toEqual({
      plain: 'a/b.c_$-1:2',
      'quoted key': 'a "b" \n\t\\ é A',
      single: 'it"s',
      data: Uint8Array.of(0x0f, 0xbd, 0x77),
      list: ['a', 'b', [], {}],
      bare: ['a', 'b'],
      ['__proto__']: 'x',
    });
  });

  it.each([
    ['', 1],
    ['{\n a = b;\n', 1],
    ['{\n a = b\n}', 3],
    ['{\n<<<<<<< HEAD\n a = b;\n}', 2],
    ['{ a = "b; }', 1],
    ['{ a = (b c); }', 1],
    ['{ a = <0g>; }', 1],
    ['{ } x', 1],
    ['/* open', 1],
    ['( a )', 1],
    ['{ a = '.repeat(1000), 1],
  ])('names the line where %j goes wrong', (text, line) => {
    expect(() => parsePbxproj(text)).toThrow(PbxprojSyntaxError);
    expect(() => parsePbxproj(text)).toThrow(expect.objectContaining({ line }));
  });

  const quote = (text: string): string =>
    `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
  const print = (value: PbxprojValue): string => {
    if (typeof value === 'string') return quote(value);
    if (Array.isArray(value)) return `(${value.map(print).join(', ')})`;
    return `{ ${Object.entries(value as Record<string, PbxprojValue>)
      .map(([key, item]) => `${quote(key)} /* } */ = ${print(item)};`)
      .join('\n')} }`;
  };

  it('reads back what is printed', () => {
    const { tree } = fc.letrec<{ tree: PbxprojValue }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'binary' }),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(parsePbxproj(`{ a = ${print(value)}; }`)).toHaveProperty('a', value);
      }),
      { numRuns },
    );
  });

  it('throws nothing but its own error', () => {
    const project = readTemplate('087', 'ios/HelloWorld.xcodeproj/project.pbxproj');
    fc.assert(
      fc.property(
        fc.nat(project.length),
        fc.nat(200),
        fc.string({ maxLength: 6 }),
        (at, length, text) => {
          const broken = project.slice(0, at) + text + project.slice(at + length);
          try {
            findAppTargets(parsePbxproj(broken));
          } catch (error) {
            expect(error).toBeInstanceOf(PbxprojSyntaxError);
          }
        },
      ),
      { numRuns },
    );
  });
});

/** A project of one target, whose references are ids of the objects below. */
const project = (options: {
  target?: string;
  shared?: string;
  own?: string;
  objects?: string;
  type?: string;
}): string => `{
  objects = {
    ROOT = { isa = PBXProject; buildConfigurationList = SHARED; targets = (APP, GONE, ROOT); };
    APP = { isa = PBXNativeTarget; name = "My App"; buildConfigurationList = OWN;
      productType = "${options.type ?? 'com.apple.product-type.application'}"; ${options.target ?? ''} };
    SHARED = { buildConfigurations = (SHARED_DEBUG); };
    SHARED_DEBUG = { name = Debug; buildSettings = { ${options.shared ?? 'SDKROOT = iphoneos;'} }; };
    OWN = { buildConfigurations = (OWN_DEBUG, GONE); };
    OWN_DEBUG = { name = Debug; buildSettings = { ${options.own ?? ''} }; };
    ${options.objects ?? ''}
  };
  rootObject = ROOT;
}`;
const targetsOf = (options: Parameters<typeof project>[0]) =>
  findAppTargets(parsePbxproj(project(options)));

describe('findAppTargets', () => {
  it.each(TEMPLATES)('finds the target of the template of %s', (version) => {
    const text = readTemplate(version, 'ios/HelloWorld.xcodeproj/project.pbxproj');
    for (const source of [text, text.replaceAll('\n', '\r\n'), `\uFEFF${text}`]) {
      const targets = findAppTargets(parsePbxproj(source));
      expect(targets).toHaveLength(1);
      expect(targets[0]).toMatchObject({
        name: 'HelloWorld',
        configurations: ['Debug', 'Release'].map((name) => ({
          name,
          infoPlistFile: 'HelloWorld/Info.plist',
          generatesInfoPlist: false,
          bundleId: 'org.reactjs.native.example.$(PRODUCT_NAME:rfc1034identifier)',
          swiftVersion: '5.0',
          defaultActorIsolation: undefined,
          hasXcconfig: true,
        })),
      });
      const [configuration] = targets[0]!.configurations;
      expect(resolveBuildPath(configuration!.bundleId!, configuration!.settings)).toEqual({
        path: 'org.reactjs.native.example.HelloWorld',
      });
    }
  });

  it.each([
    ['the SDK of the project', { own: '' }, true],
    ['a watch app', { own: 'SDKROOT = watchos;' }, false],
    ['a TV app', { own: 'SDKROOT = appletvos;' }, false],
    ['a Mac app', { own: 'SDKROOT = macosx;' }, false],
    [
      'a multiplatform app',
      { own: 'SDKROOT = auto; SUPPORTED_PLATFORMS = "iphoneos iphonesimulator macosx";' },
      true,
    ],
    ['a Mac app by its platforms', { own: 'SDKROOT = auto; SUPPORTED_PLATFORMS = macosx;' }, false],
    ['an extension', { type: 'com.apple.product-type.app-extension' }, false],
    ['no SDK', { shared: '' }, false],
    ['no SDK, but a deployment target', { shared: 'IPHONEOS_DEPLOYMENT_TARGET = 15.1;' }, true],
  ])('%s', (_name, options, isFound) => {
    expect(targetsOf(options)).toHaveLength(isFound ? 1 : 0);
  });

  it('inherits settings from the project', () => {
    const [target] = targetsOf({
      shared:
        'SDKROOT = iphoneos; INFOPLIST_FILE = "$(SRCROOT)/$(TARGET_NAME)/Info.plist"; SWIFT_VERSION = 6.0; FLAGS = (a, b);',
      own: 'FLAGS = "$(inherited) c"; GENERATE_INFOPLIST_FILE = YES; SWIFT_DEFAULT_ACTOR_ISOLATION = MainActor;',
    });
    expect(target?.configurations[0]).toMatchObject({
      infoPlistFile: '$(SRCROOT)/$(TARGET_NAME)/Info.plist',
      generatesInfoPlist: true,
      swiftVersion: '6.0',
      defaultActorIsolation: 'MainActor',
      hasXcconfig: false,
      settings: { FLAGS: 'a b c', TARGET_NAME: 'My App', CONFIGURATION: 'Debug' },
    });
  });

  it('takes what holds for devices before what holds for all', () => {
    const [target] = targetsOf({
      own: '"INFOPLIST_FILE[sdk=iphoneos*]" = device.plist; INFOPLIST_FILE = any.plist; "INFOPLIST_FILE[sdk=macosx*]" = mac.plist;',
    });
    expect(target?.configurations[0]?.infoPlistFile).toBe('device.plist');
  });

  it('survives references that lead nowhere, or in circles', () => {
    expect(targetsOf({ target: 'buildConfigurationList = APP;' })).toEqual([]);
    expect(findAppTargets(parsePbxproj('{ objects = {}; rootObject = A; }'))).toEqual([]);
    expect(
      findAppTargets(parsePbxproj('{ objects = { A = { targets = (A); }; }; rootObject = A; }')),
    ).toEqual([]);
    expect(() => findAppTargets(parsePbxproj('{}'))).toThrow(PbxprojSyntaxError);
  });
});

describe('findOtherPlatforms', () => {
  it.each([
    ['a TV app', { own: 'SDKROOT = appletvos;' }, ['tvOS']],
    ['a TV app by its full SDK', { own: 'SDKROOT = "/SDKs/AppleTVOS17.0.sdk";' }, ['tvOS']],
    [
      'a TV app by its deployment target',
      { shared: '', own: 'TVOS_DEPLOYMENT_TARGET = 15.1;' },
      ['tvOS'],
    ],
    [
      'one by its platforms',
      { own: 'SUPPORTED_PLATFORMS = "macosx xros xrsimulator";' },
      ['macOS', 'visionOS'],
    ],
    ['an app for iOS, too', { own: 'SUPPORTED_PLATFORMS = "iphoneos appletvos";' }, []],
    ['an SDK that nobody knows', { own: 'SDKROOT = driverkit;' }, []],
    ['no SDK', { shared: '' }, []],
    ['no app', { own: 'SDKROOT = appletvos;', type: 'com.apple.product-type.framework' }, []],
  ])('%s', (_name, options, expected) => {
    expect(findOtherPlatforms(parsePbxproj(project(options)))).toEqual(expected);
  });
});

describe('resolveBuildPath', () => {
  it.each([
    ['App/Info.plist', {}, { path: 'App/Info.plist' }],
    ['$(SRCROOT)/App/Info.plist', {}, { path: './App/Info.plist' }],
    ['${PROJECT_DIR}/$(TARGET_NAME).plist', { TARGET_NAME: 'App' }, { path: './App.plist' }],
    ['$(A)', { A: '$(B)', B: 'b' }, { path: 'b' }],
    ['$(A)', { A: '$(B)', B: '$(A)' }, { unresolved: 'A' }],
    ['$(A)$(A)', { A: 'x' }, { path: 'xx' }],
    ['$(toString)', {}, { unresolved: 'toString' }],
    ['$(MISSING)/Info.plist', {}, { unresolved: 'MISSING' }],
    ['$(MISSING:default=x)', {}, { path: 'x' }],
    ['$(A:rfc1034identifier)', { A: 'My App' }, { path: 'My-App' }],
    ['$(A:c99extidentifier)', { A: '1 App' }, { path: '_1_App' }],
    ['$(A:unknown)', { A: 'x' }, { unresolved: 'A:unknown' }],
    ['$(A_$(B))', { B: 'b' }, { unresolved: 'A_b' }],
  ])('%s', (raw, vars, expected) => {
    expect(resolveBuildPath(raw, vars)).toEqual(expected);
  });

  it('ends where settings double each other', () => {
    const vars: Record<string, string> = { V0: 'x'.repeat(100) };
    for (let level = 1; level < 40; level += 1) {
      vars[`V${level}`] = `$(V${level - 1})$(V${level - 1})`;
    }
    expect(resolveBuildPath('$(V39)', vars)).toHaveProperty('unresolved');
  });
});
