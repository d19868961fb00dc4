import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateChange } from '../../../helpers/scene-template.mjs';
import { run, tail } from './shell.mjs';

const STUBS = ['UIKit', 'React', 'React_RCTAppDelegate', 'ReactAppDependencyProvider'];

/** What docs/ios.md says of React Native 0.88's template compiles, on stubs of what it imports. */
export function sceneTemplate({ here, build }) {
  const out = join(build, 'scene-template');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const stub of STUBS) {
    const args = ['-emit-module', '-parse-as-library', '-swift-version', '5', '-module-name', stub];
    const to = ['-I', out, '-o', join(out, `${stub}.swiftmodule`)];
    const { status, output } = run('swiftc', [
      ...args,
      ...to,
      join(here, 'template-stubs', `${stub}.swift`),
    ]);
    if (status !== 0) return [`The stub of ${stub} does not compile:\n${tail(output)}`];
  }
  const files = [...templateChange()].map(([name, code]) => {
    writeFileSync(join(out, name), code);
    return join(out, name);
  });
  const problems = [];
  for (const flags of [['-D', 'DEBUG'], ['-O']]) {
    const { status, output } = run('swiftc', [
      ...[
        '-typecheck',
        '-parse-as-library',
        '-warnings-as-errors',
        '-swift-version',
        '5',
        '-I',
        out,
      ],
      ...flags,
      ...files,
    ]);
    if (status !== 0) problems.push(`docs/ios.md, ${flags.join(' ')}:\n${tail(output)}`);
    else
      console.log(
        `type-checked: docs/ios.md's change to React Native 0.88's template, ${flags.join(' ')}`,
      );
  }
  return problems;
}
