/**
 * `bundle`, the command of React Native's CLI, once for each platform in one process, whose Babel is warm for the second:
 * `node bundle.mjs PLATFORM FILE ...` in the folder of an app.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const ofApp = createRequire(join(process.cwd(), 'package.json'));
const ofCli = createRequire(ofApp.resolve('@react-native-community/cli/package.json'));
const { default: loadConfig } = ofCli('@react-native-community/cli-config');
const config = await loadConfig({});
const bundle = config.commands.find(({ name }) => name === 'bundle');

const args = process.argv.slice(2);
for (let at = 0; at < args.length; at += 2) {
  const [platform, bundleOutput] = args.slice(at, at + 2);
  const options = { platform, bundleOutput, entryFile: 'index.js', dev: false, minify: false };
  await bundle.func([], config, { ...options, bundleEncoding: 'utf8', resetCache: at === 0 });
}
