import { describe, expect, it } from 'vitest';
import { parsePbxproj } from '../../../src/formats/pbxproj.ts';
import type { PbxprojDict } from '../../../src/formats/pbxproj.ts';
import { readXcconfig } from '../../../src/formats/xcconfig.ts';
import { findAppTargets, findXcconfigs } from '../../../src/formats/xcode-project.ts';

describe('readXcconfig', () => {
  it('reads settings, conditions, includes and comments', () => {
    const text = [
      '\uFEFF// comment',
      '#include "a/b c.xcconfig" // one',
      '#include? "maybe.xcconfig"',
      'A = b c // d',
      'URL = https://example.com',
      'EMPTY =',
      'OLD = x;',
      'INFOPLIST_FILE [ignored = x',
      'P[sdk=iphoneos*][config=Debug] = $(inherited)/y',
      'Q[ sdk = iphone* ] = z',
      'no setting',
      '1A = b',
    ].join('\r\n');
    expect(readXcconfig(text)).toEqual([
      { kind: 'include', path: 'a/b c.xcconfig', isOptional: false },
      { kind: 'include', path: 'maybe.xcconfig', isOptional: true },
      { kind: 'setting', key: 'A', value: 'b c' },
      // Xcode takes the rest for a comment: https://nshipster.com/xcconfig/
      { kind: 'setting', key: 'URL', value: 'https:' },
      { kind: 'setting', key: 'EMPTY', value: '' },
      { kind: 'setting', key: 'OLD', value: 'x' },
      { kind: 'setting', key: 'P[sdk=iphoneos*][config=Debug]', value: '$(inherited)/y' },
      { kind: 'setting', key: 'Q[sdk=iphone*]', value: 'z' },
    ]);
  });
});

const PROJECT = `{
  rootObject = ROOT;
  objects = {
    ROOT = { isa = PBXProject; mainGroup = MAIN; buildConfigurationList = SHARED; targets = (APP); };
    MAIN = { isa = PBXGroup; children = (GROUP, LOOSE, MAIN); sourceTree = "<group>"; };
    GROUP = { isa = PBXGroup; children = (OWN_FILE); path = Config; sourceTree = "<group>"; };
    OWN_FILE = { isa = PBXFileReference; path = "own one.xcconfig"; sourceTree = "<group>"; };
    LOOSE = { isa = PBXFileReference; name = x; path = Base/shared.xcconfig; sourceTree = SOURCE_ROOT; };
    SYNCHRONIZED = { isa = PBXFileSystemSynchronizedRootGroup; path = Folder; sourceTree = "<group>"; };
    SHARED = { buildConfigurations = (SHARED_DEBUG); };
    SHARED_DEBUG = { name = Debug; baseConfigurationReference = LOOSE; buildSettings = { B = project; }; };
    APP = { isa = PBXNativeTarget; name = App; buildConfigurationList = LIST;
      productType = "com.apple.product-type.application"; };
    LIST = { buildConfigurations = (OWN_DEBUG, OWN_TEST); };
    OWN_DEBUG = { name = Debug; baseConfigurationReference = OWN_FILE; buildSettings = { D = "$(inherited) target"; }; };
    OWN_TEST = { name = Test; baseConfigurationReferenceAnchor = SYNCHRONIZED;
      baseConfigurationReferenceRelativePath = "sub/t.xcconfig"; buildSettings = {}; };
  };
}`;

describe('xcconfigs of a project', () => {
  const project = parsePbxproj(PROJECT);

  it('are found through groups, the source root and synchronized folders', () => {
    expect(findXcconfigs(project)).toEqual([
      'Base/shared.xcconfig',
      'Config/own one.xcconfig',
      'Folder/sub/t.xcconfig',
    ]);
  });

  it('stand below the settings of their own level', () => {
    const settings = new Map<string, PbxprojDict>([
      [
        'Base/shared.xcconfig',
        { A: 'base', B: 'base', C: 'base', 'SDKROOT[sdk=*]': 'iphoneos', D: 'base' },
      ],
      [
        'Config/own one.xcconfig',
        {
          C: 'own',
          D: '$(inherited) own',
          'E[config=Debug]': 'debug',
          'E[config=Test]': 'test',
          'F[sdk=iphonesimulator*]': 'simulator',
          'F[sdk=*simulator*]': 'simulator',
          'F[sdk=iphone*,arch=arm64]': 'device',
          'G[sdk=iphoneos17*]': 'device',
          'H[arch=x86_64]': 'intel',
          'H[unknown=*]': 'unknown',
        },
      ],
    ]);
    const [target] = findAppTargets(project, settings);
    const [debug, test] = target!.configurations;
    expect(debug).toMatchObject({ hasXcconfig: true, unreadXcconfigs: [] });
    expect(debug?.settings).toMatchObject({
      A: 'base',
      B: 'project',
      C: 'own',
      D: 'base own target',
      E: 'debug',
      F: 'device',
      G: 'device',
    });
    expect(debug?.settings).not.toHaveProperty('H');
    expect(test).toMatchObject({ hasXcconfig: true, unreadXcconfigs: ['Folder/sub/t.xcconfig'] });
  });

  it('are said to be unread where they are not handed over', () => {
    const withSdk = parsePbxproj(PROJECT.replace('B = project;', 'SDKROOT = iphoneos;'));
    const [target] = findAppTargets(withSdk);
    expect(target?.configurations[0]?.unreadXcconfigs).toEqual([
      'Base/shared.xcconfig',
      'Config/own one.xcconfig',
    ]);
  });
});
