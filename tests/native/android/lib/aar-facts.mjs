import { readFileSync } from 'node:fs';
import { satisfies } from 'semver';
import { BUILD, WORK } from '../../../../src/facts.ts';
import { ofLibrary } from './build-tools.mjs';
import { WORK_VERSIONS } from './sandbox.mjs';

const PROPERTIES = 'META-INF/com/android/build/gradle/aar-metadata.properties';

/** What a published androidx.work asks of the build that takes it. */
function askedBy(version) {
  const read = (file) => readFileSync(ofLibrary(`work-runtime-${version}`, file), 'utf8');
  const metadata = read(PROPERTIES);
  const property = (name) => new RegExp(`^${name}=(.*)$`, 'm').exec(metadata)?.[1];
  return {
    agp: property('minAndroidGradlePluginVersion'),
    compileSdk: Number(property('minCompileSdk')),
    minSdk: Number(/minSdkVersion="(\d+)"/.exec(read('AndroidManifest.xml'))?.[1]),
  };
}

/** What `init` and `doctor` hold of that version. */
function factsOf(version) {
  const isFrom = ({ from }) => satisfies(version, `>=${from}`);
  return {
    agp: isFrom(WORK.level) ? BUILD.agp : '1.0.0',
    compileSdk: isFrom(WORK.compileLevel) ? WORK.compileLevel.compileSdk : undefined,
    minSdk: [WORK.higherLevel, WORK.level].find(isFrom)?.minSdk ?? 21,
  };
}

/**
 * Holds the versions that `init` and `doctor` compare with to the artifacts themselves.
 *
 * @returns {{name: string, problems: string[]}[]}
 */
export function checkAars() {
  const results = WORK_VERSIONS.map((version) => {
    const [asked, facts] = [askedBy(version), factsOf(version)].map((one) => JSON.stringify(one));
    return {
      name: `the AAR of androidx.work ${version} asks for what doctor says: ${asked}`,
      problems: asked === facts ? [] : [`src/facts.ts has ${facts}`],
    };
  });
  const lowest = askedBy(WORK.default).minSdk;
  results.push({
    name: `androidx.work ${WORK.default}, the default, is what the behaviour runs on, and fits the package's minSdk`,
    problems:
      WORK.default === WORK_VERSIONS[0] && lowest <= BUILD.minSdk
        ? []
        : [`the default is ${WORK.default} with minSdk ${lowest}`],
  });
  return results;
}
