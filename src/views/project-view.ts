import type { Project } from '../project/project.ts';

/** What was found, in one paragraph of `name: value` lines. */
export function describeProject(project: Project): [string, string][] {
  const { reactNative, android, ios } = project;
  const lines: [string, string][] = [
    [
      'React Native',
      reactNative.isInstalled
        ? reactNative.version
        : `${reactNative.version} (from package.json; not installed)`,
    ],
  ];
  if (android !== undefined) {
    const architecture = android.architecture === 'old' ? ', old architecture' : '';
    lines.push(['Android', `${android.applicationId ?? android.buildFile}${architecture}`]);
  }
  if (ios !== undefined) {
    const targets = ios.targets.map(({ name, infoPlists }) => `${name} (${infoPlists.join(', ')})`);
    lines.push(['iOS', targets.length === 0 ? 'no app target found' : targets.join('; ')]);
  }
  lines.push(['entry', project.entries.map(({ path }) => path).join(', ') || 'none found']);
  lines.push(['packages', project.packageManager]);
  return lines;
}

/** Targets whose JavaScript starts in a scene: a background launch connects none. */
export const sceneTargets = (project: Project): string[] =>
  (project.ios?.targets ?? []).filter(({ isSceneBased }) => isSceneBased).map(({ name }) => name);
