import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OUT, librariesOf, ofLibrary } from './build-tools.mjs';
import { exec } from './exec.mjs';
import { mergedManifest } from './manifests.mjs';
import { CACHE } from './tools.mjs';

/** The newest Android whose resources Debian's aapt2 reads: a later one has a form that it does not know. */
const PLATFORM = 'android-all-instrumented-14-';

const RECEIVER = '-keep class dev.bgsync.BackgroundSyncDebugReceiver';

/** What the template's manifest names, without the theme's parent, which would need appcompat. */
const APP_RESOURCES = `<resources>
  <string name="app_name">App</string>
  <style name="AppTheme" />
  <drawable name="icon">#fff</drawable>
</resources>`;

const isThere = async () =>
  exec('aapt2', ['version']).then(
    () => true,
    () => false,
  );

/** @returns the file of one resource folder, compiled */
async function compile(directory, name) {
  const out = join(OUT, `${name}.zip`);
  await exec('aapt2', ['compile', '--dir', directory, '-o', out]);
  return out;
}

/**
 * aapt2 on the merged manifests with the resources that androidx.work's own manifest names: every reference must
 * resolve, and the rules that it writes for R8 must keep the debug receiver in a debug build alone.
 *
 * @returns {Promise<{name: string, problems: string[]}[] | undefined>} undefined where there is no aapt2
 */
export async function checkResources(work) {
  if (!(await isThere())) return undefined;
  const platforms = join(CACHE, 'robolectric');
  const platform = readdirSync(platforms).find((name) => name.startsWith(PLATFORM));
  const values = join(OUT, 'app-res/values');
  mkdirSync(values, { recursive: true });
  writeFileSync(join(values, 'values.xml'), APP_RESOURCES);
  const app = await compile(join(OUT, 'app-res'), 'app-res');
  const libraries = [];
  for (const name of librariesOf(work)) {
    const directory = ofLibrary(name, 'res');
    if (directory !== undefined) libraries.push(await compile(directory, name));
  }

  const link = async (variant, resources) => {
    const manifest = join(OUT, `${variant}-linked.xml`);
    writeFileSync(
      manifest,
      readFileSync(mergedManifest(variant), 'utf8').replace(/@mipmap\/\w+/g, '@drawable/icon'),
    );
    const rules = join(OUT, `${variant}-rules.pro`);
    await exec('aapt2', [
      ...['link', '-o', join(OUT, `${variant}.apk`), '--manifest', manifest, '--auto-add-overlay'],
      ...['-I', join(platforms, platform), '--proguard', rules, ...resources],
    ]);
    return existsSync(rules) ? readFileSync(rules, 'utf8') : '';
  };
  const results = [];
  for (const [variant, wanted] of [
    ['release', false],
    ['debug', true],
  ]) {
    const problems = [];
    try {
      const rules = await link(variant, [app, ...libraries]);
      if (rules.includes(RECEIVER) !== wanted)
        problems.push(`its rules ${wanted ? 'lose' : 'keep'} the debug receiver`);
    } catch (error) {
      problems.push(error.message);
    }
    results.push({ name: `aapt2 links the merged manifest, ${variant}`, problems });
  }
  const refused = await link('release', [app]).then(
    () => '',
    (error) => error.message,
  );
  results.push({
    name: "seeded: without androidx.work's resources aapt2 refuses its manifest",
    problems: refused.includes('bool/enable_system_job_service_default') ? [] : [refused],
  });
  return results;
}
