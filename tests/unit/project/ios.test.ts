import { rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fileSystem } from '../../../src/file-system.ts';
import { detectIos } from '../../../src/project/ios.ts';
import { makeTemplateApp, scratchFolder } from '../../helpers/template-app.ts';
import { write } from '../../helpers/traits/files.ts';
import { setOwn } from '../../helpers/traits/ios-project.ts';
import { IOS_TRAITS } from '../../helpers/traits/ios.ts';

async function detect(make: (root: string) => void) {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  make(root);
  return detectIos(fileSystem, root);
}

const detectTrait = (name: string) =>
  detect((root) => IOS_TRAITS.find((trait) => trait.name === name)?.make(root));

describe('detectIos', () => {
  it('warns of a stale target, and asks for nothing', async () => {
    const ios = await detectTrait('ios-dev-preview-production-with-extension-and-stale-target');
    expect(ios?.problems).toEqual([]);
    expect(ios?.warnings).toEqual([
      {
        path: 'ios/HelloWorld.xcodeproj/project.pbxproj',
        reason: 'target HelloOld: INFOPLIST_FILE = HelloOld/Info.plist is not there; left out',
      },
    ]);
  });

  it('takes a missing Info.plist for a problem where no target has one', async () => {
    const ios = await detect((root) => {
      makeTemplateApp('0.87', root);
      rmSync(`${root}/ios/HelloWorld/Info.plist`);
    });
    expect(ios?.problems).toHaveLength(1);
    expect(ios?.warnings).toEqual([]);
  });

  it('warns that XcodeGen may take the keys out again', async () => {
    const ios = await detectTrait('ios-xcodegen');
    expect(ios?.warnings).toHaveLength(1);
    expect(ios?.warnings[0]).toMatchObject({ path: 'ios/project.yml' });
  });

  it('knows a project that is not generated yet', async () => {
    const ios = await detectTrait('ios-tuist-that-has-not-run');
    expect(ios).toMatchObject({ targets: [], problems: [{ runAgain: true }], warnings: [] });
  });

  it('names the xcconfig that is not there', async () => {
    const ios = await detect((root) => {
      IOS_TRAITS.find(({ name }) => name.includes('xcconfig'))?.make(root);
      rmSync(`${root}/ios/Config/Staging.xcconfig`);
      setOwn(root, 'INFOPLIST_FILE', '"HelloWorld/Info.plist"');
    });
    expect(ios?.problems.map(({ reason }) => reason)).toEqual([
      'target HelloStaging names no INFOPLIST_FILE (Config/Staging.xcconfig is not there)',
    ]);
  });

  it('survives xcconfigs that include each other, and never reads outside the app', async () => {
    const ios = await detect((root) => {
      IOS_TRAITS.find(({ name }) => name.includes('xcconfig'))?.make(root);
      write(root, {
        'ios/Config/Shared/Base.xcconfig':
          '#include "../Staging.xcconfig"\n#include "../../../../../../etc/passwd"\n#include "../Shared"\nINFOPLIST_FILE = Config/Staging-ios.plist\n',
      });
    });
    expect(ios?.problems).toEqual([]);
    expect(ios?.targets.find(({ name }) => name === 'HelloStaging')?.infoPlists).toEqual([
      'ios/Config/Staging-ios.plist',
    ]);
  });

  it('gives a shell a path with spaces and quotes as one word', async () => {
    const ios = await detect((root) => {
      IOS_TRAITS.find(({ name }) => name === 'ios-binary-plist')?.make(root);
      const binary = Buffer.concat([Buffer.from('bplist00'), Buffer.from([0xff, 0xfe])]);
      write(root, { "ios/My App's/Info.plist": binary.toString('latin1') });
      setOwn(root, 'INFOPLIST_FILE', '"My App\'s/Info.plist"');
    });
    expect(ios?.problems[0]?.reason).toContain(
      "plutil -convert xml1 'ios/My App'\\''s/Info.plist'`",
    );
  });

  it.each([
    ['a folder', 'HelloWorld'],
    ['a file that is gone', 'HelloWorld/Gone.plist'],
  ])('takes %s for no Info.plist', async (_name, path) => {
    const ios = await detect((root) => {
      makeTemplateApp('0.87', root);
      setOwn(root, 'INFOPLIST_FILE', path);
    });
    expect(ios?.targets[0]?.infoPlists).toEqual([]);
    expect(ios?.problems[0]?.reason).toBe(
      `target HelloWorld: INFOPLIST_FILE = ${path} is not there`,
    );
  });

  it('is nothing where there is no Xcode project', async () => {
    expect(await detect((root) => write(root, { 'ios/Podfile': '' }))).toBeUndefined();
  });
});
