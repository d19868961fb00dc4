import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIXTURES, OUT, ofLibrary, tool } from './build-tools.mjs';

const SEEDED = join(FIXTURES, 'seeded/Seeded.kt');

/** What lint must find in the seeded file: one of androidx.work's checks and one of its own. */
const EXPECTED = ['InvalidPeriodicWorkRequestInterval', 'SimpleDateFormat'];

const attribute = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;');
const entry = (path) =>
  `<classpath ${path.endsWith('.jar') ? 'jar' : 'dir'}="${attribute(path)}"/>`;

function descriptorOf({ packageDir, manifest, sources, classpath, work }) {
  return [
    '<project>',
    // Without an SDK lint knows no API levels: lib/api.mjs compares the bytecode with them.
    `<sdk dir="${attribute(join(OUT, 'no-sdk'))}"/>`,
    `<root dir="${attribute(join(packageDir, 'android'))}"/>`,
    '<module name="background-sync" android="true" library="false" compile-sdk-version="36">',
    `<manifest file="${attribute(manifest)}"/>`,
    `<lint-checks jar="${attribute(ofLibrary(`work-runtime-${work}`, 'lint.jar'))}"/>`,
    ...[...sources, SEEDED].map((path) => `<src file="${attribute(path)}"/>`),
    ...classpath.map(entry),
    '</module>',
    '</project>',
  ].join('\n');
}

/**
 * Android Lint with all of its checks, those off by default and androidx.work's own included, on the generated sources
 * and a seeded file, in the app whose merged manifest is given.
 *
 * @returns {Promise<{name: string, problems: string[]}[]>}
 */
export async function checkLint(project) {
  const { packageDir } = project;
  mkdirSync(join(OUT, 'no-sdk'), { recursive: true });
  const descriptor = join(OUT, 'lint-project.xml');
  const report = join(OUT, 'lint.txt');
  writeFileSync(descriptor, descriptorOf(project));
  await tool('agp', 'com.android.tools.lint.Main#run', [
    ...['--project', descriptor, '--override-config', join(FIXTURES, 'lint.xml')],
    ...['--offline', '-Wall', '--fullpath', '--text', report],
  ]);
  const findings = readFileSync(report, 'utf8')
    .split(/^(?=\/.*: (?:Error|Warning|Information): )/m)
    .filter((text) => /^\/.*: (?:Error|Warning|Information): /.test(text));
  // The rest is of the bare app around the package.
  const own = findings.filter(
    (text) => !text.startsWith(SEEDED) && (text.startsWith(packageDir) || /bgsync/.test(text)),
  );
  const seen = new Set(
    findings
      .filter((text) => text.startsWith(SEEDED))
      .map((text) => /\[(\w+)(?: from [^\]]+)?\]$/m.exec(text)?.[1]),
  );
  return [
    { name: 'Android Lint: nothing in the generated sources', problems: own },
    {
      name: `seeded: Android Lint sees ${EXPECTED.join(', ')}`,
      problems: EXPECTED.filter((id) => !seen.has(id)).map((id) => `${id} was not seen`),
    },
  ];
}
