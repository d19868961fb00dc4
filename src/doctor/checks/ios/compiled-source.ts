import type { Check, Finding } from '../../check.ts';
import { backgroundTasksOf } from '../../code/background-tasks.ts';
import type { DoctorRepo } from '../../repo.ts';

export const compiledSource: Check = {
  id: 'I29',
  title: 'The files that register tasks are part of the Xcode project',
  severity: 'error',
  why: 'A source file that no target compiles registers nothing: the app builds without it, and the task never runs.',
  source:
    'https://developer.apple.com/documentation/xcode/configuring-the-build-settings-of-a-target',
  fix: 'Add the file to the app target in Xcode: File › Add Files to …, with the target ticked.',
  explain: [
    'A file that lies in ios/ is not compiled for that reason: the Xcode project lists what belongs to which target. Files that were added in an editor, or that a merge of project.pbxproj has lost, are in the repo and not in the app.',
    'doctor reports a file with calls of BGTaskScheduler whose name stands nowhere in the project. Folders that Xcode 16 synchronizes, packages and pods are left alone.',
  ].join('\n\n'),
  async run(repo) {
    const { registrations, submits } = await backgroundTasksOf(repo);
    const paths = new Set([...registrations, ...submits].map(({ file }) => file.path));
    if (paths.size === 0) return [];
    const ios = await repo.ios();
    const projects = [...new Set(ios?.targets.map(({ project }) => project))];
    const findings: Finding[] = [];
    for (const path of paths) {
      // Without a list of files there is nothing to compare with: XcodeGen and Tuist make it later.
      if (ios?.compiles(path) !== false) continue;
      const name = path.slice(path.lastIndexOf('/') + 1);
      const folder = ios.folders.find((one) => one === '' || path.startsWith(`${one}/`));
      if (folder === undefined || (await isInPackage(repo, path, folder))) continue;
      const message = `${name} is in no target of ${projects[0] ?? ''}`;
      const says = ios.mentions(name)
        ? `has ${name}, and compiles it in no target`
        : `has no ${name}`;
      const evidence = projects.map((file) => ({ file, says }));
      findings.push({ file: path, line: 1, message, evidence });
    }
    return findings;
  },
};

/** Whether a folder between the project's and the file's is a pod or a Swift package. */
async function isInPackage(repo: DoctorRepo, path: string, folder: string): Promise<boolean> {
  const parts = path.split('/').slice(0, -1);
  const outer = folder === '' ? 0 : folder.split('/').length;
  for (let length = parts.length; length > outer; length -= 1) {
    const names = (await repo.list(parts.slice(0, length).join('/'))).map(({ name }) => name);
    if (names.some((name) => name === 'Package.swift' || name.endsWith('.podspec'))) return true;
  }
  return false;
}
