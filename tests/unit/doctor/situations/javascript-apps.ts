import { packageJson } from '../../../helpers/doctor-bases.ts';
import { background } from '../checks/ios-files.ts';

/** What the situations of several files are made of. */

export const PLIST = 'ios/Demo/Info.plist';
export const RNBF = {
  'package.json': packageJson({
    'react-native': '0.87.2',
    'react-native-background-fetch': '4.3.0',
  }),
  [PLIST]: background(['fetch'], ['com.transistorsoft.fetch']),
};
export const register = (name: string, options = '{ minimumInterval: 15 }'): string =>
  `export const start = () => BackgroundTask.registerTaskAsync(${name}, ${options});\n`;
export const CAP_PLIST = 'ios/App/Demo/Info.plist';
export const ANSWERS = "addEventListener('myCustomEvent', (resolve, reject) => { resolve(); });\n";
export const fetches = (index: string, more: Record<string, string> = {}) => ({
  ...RNBF,
  'index.js': `import { AppRegistry } from 'react-native';
import BackgroundFetch from 'react-native-background-fetch';
import App from './App';
AppRegistry.registerComponent('demo', () => App);
${index}
`,
  ...more,
});
