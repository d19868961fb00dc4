import { posix } from 'node:path';

/**
 * The Xcode project that gets React Native as Swift packages. `npx react-native spm add` (React Native 0.84 and later) leaves
 * a marker in it, and takes React Native out of the Podfile: scripts/spm/generate-spm-xcodeproj.js of that package.
 *
 * @param projects paths of project.pbxproj files
 * @param exists whether a path is there
 * @returns its path; undefined where there is none
 */
export async function findSwiftPackageProject(
  projects: readonly string[],
  exists: (path: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const path of new Set(projects.map((project) => posix.dirname(project)))) {
    if (await exists(`${path}/.spm-injected.json`)) return path;
  }
  return undefined;
}
