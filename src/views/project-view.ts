import { relative } from 'node:path';
import pc from 'picocolors';
import type { Context, Report } from '../context.ts';
import type { Config } from '../config.ts';
import type { Neighbour } from '../doctor/background-work.ts';
import { hostOf } from '../integrations/hosts.ts';
import type { Project, ProjectProblem } from '../project/project.ts';
import { printableLine } from '../terminal.ts';

/**
 * What was found, in one paragraph of `name: value` lines.
 *
 * @param where the app's folder is shown where the user is in another
 */
export function describeProject(
  project: Project,
  { cwd, shell }: Pick<Context, 'cwd' | 'shell'>,
): [string, string][] {
  const { android, ios } = project;
  const host = hostOf(project);
  const lines: [string, string][] = [];
  if (project.root !== shell) {
    const how = project.root === cwd ? '' : ' (the app found from here)';
    lines.push(['folder', `${relative(shell, project.root)}${how}`]);
  }
  lines.push(...host.describe(project));
  if (android !== undefined) {
    const architecture = android.architecture === 'old' ? ', old architecture' : '';
    lines.push(['Android', `${android.applicationId ?? android.buildFile}${architecture}`]);
  }
  if (ios?.onlyFor.length === 0) {
    const targets = ios.targets.map(({ name, infoPlists }) =>
      infoPlists.length === 0 ? name : `${name} (${infoPlists.join(', ')})`,
    );
    lines.push(['iOS', targets.length === 0 ? 'no app target found' : targets.join('; ')]);
  }
  const starts = host.startsAt(project);
  lines.push(['entry', starts.length === 0 ? 'none found' : starts.join(', ')]);
  lines.push(['packages', host.packages(project).name]);
  return lines;
}

/** What the plan cannot mend, in words for people: shown before it. */
export function projectWarnings(project: Project, config: Config): string[] {
  const { android, ios } = project;
  const host = hostOf(project);
  const warnings: string[] = [];
  const versionNote = host.versionNote(project);
  if (versionNote !== undefined) warnings.push(printableLine(versionNote));
  for (const problem of project.entryProblems) {
    warnings.push(`${describeProblem(problem)} The usual entry file is taken.`);
  }
  for (const platform of config.platforms) {
    const found = { android, ios }[platform]?.warnings ?? [];
    warnings.push(...found.map(describeProblem));
  }
  warnings.push(...host.notes(project, config));
  const hasOwnHost = host.startsWithoutScene(project);
  const scenes = config.platforms.includes('ios') && !hasOwnHost ? sceneTargets(project) : [];
  if (scenes.length > 0) {
    warnings.push(
      `${scenes.map(printableLine).join(', ')}: React Native starts in a scene. When iOS launches the app in the background it connects no\n` +
        'scene, so a cold launch ends as `run.skip why=no-host`, unless the app delegate keeps the factory in `reactNativeFactory`\n' +
        'or hands it over (docs/ios.md, "Scene-based apps"). While the app is in memory, the sync runs.',
    );
  }
  return warnings;
}

function describeProblem({ path, line, reason }: ProjectProblem): string {
  const place = line === undefined ? path : `${path}:${line}`;
  return `${printableLine(place)}: ${printableLine(reason)}.`;
}

/** Targets whose JavaScript starts in a scene: a background launch connects none. */
const sceneTargets = (project: Project): string[] =>
  (project.ios?.targets ?? []).filter(({ isSceneBased }) => isSceneBased).map(({ name }) => name);

/**
 * Other background work in the app; what is said of several places is said once. What would stop working goes to standard
 * error, so that no pipe hides it.
 */
export function showNeighbours(report: Report, neighbours: readonly Neighbour[]): void {
  for (const [first, ...others] of alike(neighbours)) {
    const { name, file, line, severity, message, hint } = first;
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    const place = `${printableLine(file)}${line === undefined ? '' : `:${line}`}${more}`;
    const text = `${printableLine(name)} (${place}): ${printableLine(message)}.`;
    if (severity === 'note') report.line(`  ${pc.dim(`note: ${text} ${printableLine(hint)}`)}`);
    else report.warn(`${pc.yellow(`${severity}:`)} ${text}\n  ${printableLine(hint)}`);
  }
}

/** Those that differ in their place only, in the order of the first of each. */
function alike(neighbours: readonly Neighbour[]): (readonly [Neighbour, ...Neighbour[]])[] {
  const groups = new Map<string, [Neighbour, ...Neighbour[]]>();
  for (const neighbour of neighbours) {
    const { name, severity, message, hint } = neighbour;
    const key = JSON.stringify([name, severity, message, hint]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [neighbour]);
    else group.push(neighbour);
  }
  return [...groups.values()];
}
