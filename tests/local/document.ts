import { STAND_INS } from '../../src/devices/local/stand-ins/index.ts';
import { GLOBALS_OF_NODE } from '../../src/devices/local/world/globals.ts';
import { REFUSED_REGEXPS } from '../../src/hermes.ts';
import { MEMBERS_OF_NODE } from '../../src/devices/local/world/lacks.ts';
import { CASES } from './cases.ts';

const row = (...cells: string[]): string => `| ${cells.join(' | ')} |`;

/** docs/local.md: what the local platform plays, from the code that plays it and the cases that try it. */
export function documentLocal(): string {
  const tried = [...new Set(CASES.flatMap(({ documented }) => documented ?? []))].map((name) => {
    const packages = CASES.filter(({ documented }) => documented === name).map((each) =>
      Object.entries(each.packages)
        .map(([spec, version]) => `${spec} ${version}`)
        .join(', '),
    );
    return row(name, packages.join('; '));
  });
  const absent = [
    ...Object.entries(GLOBALS_OF_NODE).map(([name, hint]) => ({ names: [name], hint })),
    ...MEMBERS_OF_NODE,
    ...REFUSED_REGEXPS.map(({ what, hint }) => ({ names: [`new RegExp: ${what}`], hint })),
  ];
  const globals = [...new Set(absent.map(({ hint }) => hint))].map((hint) => {
    const names = absent.filter((one) => one.hint === hint).flatMap((one) => one.names);
    return row(names.map((name) => `\`${name}\``).join(', '), hint);
  });
  return `# \`bgsync trigger --platform local\`: the phone that is played

Your handler runs in a Node process that looks like React Native to it. The JavaScript of your packages is the one that is installed; only
what is native below it is played. This page is generated from the code and from the cases that \`npm run test:local\` runs with the real
packages.

## In a Flutter app

The handler runs in your own Dart (\`.fvm/flutter_sdk\`, \`FLUTTER_ROOT\`, then \`PATH\`), with the packages of \`flutter pub get\`. There is no
engine: the generated plugin speaks to bgsync in place of a phone, a small part of package:flutter/foundation.dart is played, and any
other import of package:flutter or dart:ui is named with its chain. No package is played, and \`--server\` and \`--fresh\` are refused.
\`--offline\` holds for \`HttpClient\` and \`Socket.connect\`, not for secure sockets opened by hand. What follows is about JavaScript.

## Files and packages

Metro's own resolver (\`metro-resolver\`) finds them, with what your metro.config.js says of \`resolver\` (\`extraNodeModules\`,
\`resolveRequest\`, \`sourceExts\`, \`nodeModulesPaths\` …), and React Native's defaults for the rest: \`.android.ts\`, \`.ios.ts\` and \`.native.ts\`, the
fields \`react-native\`, \`browser\` and \`main\`, the conditions \`react-native\`, \`import\` and \`require\` of \`exports\` (from React Native 0.79 on, as
in Metro). The first of \`platforms\` in bgsync.config.json is the platform. \`paths\` of tsconfig.json hold, too. What a transformer of
Metro's makes of a file is not seen, but for what Babel does: name the file in \`local.alias\`.

The app's own code goes through its own Babel where a \`babel.config.js\` or \`.babelrc.js\` (or \`babel-preset-expo\`) and @babel/core are installed;
otherwise TypeScript, JSX and Flow are stripped. Of packages Babel reads what that cannot read. Images and the like are numbers, as for Metro. A
file with another ending is named.

Of the entry file (index.js) runs first what a handler needs of it: what it loads for its side effect before the handler, and what defines
globals, as polyfills do. Its screens are not loaded.

Files that \`local.alias\` names, and what they import, are plain Node.

## Native modules that are played

Their data lies in the system's folder for caches, outlives the process and the run, and is emptied by \`--fresh\`. Libraries for files
share the app's folders, see nothing outside of them, and ask by the network of the run: \`--offline\` and \`--server\` hold. The
head of a run names each one that is in use. A package whose native module is not in the list is loaded all the same, and so is a file of
the app that uses one of its own while it is loaded; what is called then comes to nothing. What a run calls of it fails, and is named at the
end of the run with the key to set, and so is a package that the run calls and that does less without its native module.

What \`react-native\` itself exports for a screen (\`StyleSheet\`, \`View\`, \`Dimensions\`, \`Linking\` …) is there, as in a headless run on a
phone, for packages that bring components beside their logic; rendering, opening and asking the user fail. Alerts and toasts are warnings, as
nobody sees them in the background; of PermissionsAndroid nothing is granted. Files below \`react-native/\`
are the installed ones.

| package | where it keeps its data |
| --- | --- |
${STAND_INS.map(({ packageName, keeps }) => row(packageName, keeps)).join('\n')}

## Tried with the real packages

| | installed |
| --- | --- |
${tried.join('\n')}

## Globals

\`fetch\`, \`XMLHttpRequest\`, \`WebSocket\` (from Node 22 on), \`FormData\`, \`Blob\`, \`FileReader\`, \`URL\`, \`AbortController\`, \`navigator.product\`,
\`window\`, \`__DEV__\`, timers that are numbers. With \`--offline\` none of them reaches the network.
From Expo 56 on the global \`fetch\` is that of \`expo/fetch\`, as on a phone: it streams, and refuses a form's \`{ uri, name, type }\`. Before, and
without Expo, a \`Response\` has no \`body\`. A \`Blob\` takes no bytes; without Expo \`URL\` and \`URLSearchParams\` are those of the installed
react-native, which lack much before 0.80: react-native-url-polyfill brings it.

What Node has and a phone has not is absent: \`typeof\` finds nothing, and the use of it fails, with what to do. \`process\` has \`env\` alone:
\`NODE_ENV\` and \`EXPO_PUBLIC_…\`, in an Expo app also of its .env files for development.

Of ECMAScript is absent what Hermes has not: that of React Native 0.76 before 0.84, that of 0.87 from there on. \`Date\` reads the texts
that Hermes reads. \`npm run test:hermes\` asks both for it.

| global | on a phone |
| --- | --- |
${globals.join('\n')}
`;
}
