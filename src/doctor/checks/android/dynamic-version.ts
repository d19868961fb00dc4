import type { Check, Finding } from '../../check.ts';
import { writtenVersion } from '../../../project/package-build.ts';

const TRANSISTOR = 'react-native-background-fetch';
const MODULE = 'com.transistorsoft:tsbackgroundfetch';
const DYNAMIC = /^(?:[\d.]*\+|latest\.\w+|[[(].*[\])])$/;

export const dynamicVersion: Check = {
  id: 'A28',
  title: 'The versions of background libraries are fixed',
  severity: 'info',
  why: 'With a range, the version is chosen when the app is built: the same commit gives another app next month, one that nobody tested.',
  source: 'https://docs.gradle.org/current/userguide/dependency_versions.html#sec:dynamic-versions',
  fix: 'Write one version, or lock the versions (`./gradlew :app:dependencies --write-locks`).',
  explain: [
    'A version such as 4.1.+ or latest.release stands for what is newest on the day of the build. Gradle keeps its answer for a day on one machine, so two builds of one commit differ, and a bug comes and goes with the machine. It also fails where a repository is not reachable.',
    'react-native-background-fetch asks for com.transistorsoft:tsbackgroundfetch in this way. Gradle’s dependency locking fixes what the app gets, in android/app/build.gradle:\n\n    dependencyLocking { lockAllConfigurations() }',
  ].join('\n\n'),
  async run(repo) {
    const build = await repo.androidBuild();
    if (build === undefined) return [];
    const folder = build.buildFile.slice(0, build.buildFile.lastIndexOf('/') + 1);
    if (await repo.exists(`${folder}gradle.lockfile`)) return [];
    const findings: Finding[] = build.workUses
      .filter(({ owner, expression }) => owner === undefined && DYNAMIC.test(expression ?? ''))
      .map(({ module, expression = '', file, line }) => ({
        file,
        line,
        message: `${module} has the version ${expression}`,
      }));
    if (repo.depends(TRANSISTOR)) {
      const version = await writtenVersion(repo, TRANSISTOR, MODULE);
      if (DYNAMIC.test(version ?? '')) {
        findings.push({
          file: build.buildFile,
          message: `${TRANSISTOR} asks for ${MODULE}:${version ?? ''}`,
        });
      }
    }
    return findings;
  },
};
