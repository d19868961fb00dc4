import type { Node } from '../../../formats/javascript.ts';
import { calledFunction } from '../../code/apple-calls.ts';
import { functionsOf } from '../../code/apple-functions.ts';
import type { AppleFunction } from '../../code/apple-functions.ts';
import { waysTo } from '../../code/apple-reach.ts';
import { bracketsOf } from '../../code/brackets.ts';
import { isDebugOnly } from '../../code/conditions.ts';
import { reachedInDart } from '../../code/dart-reach.ts';
import { dartCalls, dartFunctions } from '../../code/dart.ts';
import { FunctionIndex, appleSourcesContaining, bodyOf } from '../../code/function-index.ts';
import type { Script } from '../../code/javascript.ts';
import { dartUsing } from '../../code/pub-packages.ts';
import { dependencyOf } from '../../evidence.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';
import type { IosNeed } from './needs.ts';
import { permissionsOf } from './permissions.ts';

const NOTIFICATIONS = 'expo-notifications';
const LOCATION = 'expo-location';
const FIREBASE = '@react-native-firebase/messaging';
const mode = 'remote-notification';

type PushNeed = IosNeed & { readonly isSure: boolean };

/**
 * What is to run for a silent push, or with the place of the phone. For a push iOS wakes no app for one without the mode, and hands it over where the app is open:
 * `isSure` where nothing works without it.
 */
export async function pushNeedsOf(repo: DoctorRepo): Promise<readonly PushNeed[]> {
  return [
    ...(await ofExpo(repo)),
    ...(await ofLocation(repo)),
    ...(await ofPlaces(repo)),
    ...(await ofFetch(repo)),
    ...(await ofFirebase(repo)),
    ...(await ofDelegate(repo)),
  ];
}

/** Both are refused without it: LocationModule.swift of expo-location 18.1. */
async function ofLocation(repo: DoctorRepo): Promise<PushNeed[]> {
  for (const name of ['startLocationUpdatesAsync', 'startGeofencingAsync']) {
    if ((await callsFrom(repo, LOCATION, name)).length === 0) continue;
    const at = await dependencyOf(repo, LOCATION);
    const who = `${name} of ${LOCATION}`;
    return [{ id: undefined, mode: 'location', who, from: 'library', at, isSure: true }];
  }
  return [];
}

/** An assertion of CLLocationManager ends the app: https://developer.apple.com/documentation/corelocation/cllocationmanager/allowsbackgroundlocationupdates */
async function ofPlaces(repo: DoctorRepo): Promise<PushNeed[]> {
  for (const file of await appleSourcesContaining(repo, ['llowsBackgroundLocationUpdates'])) {
    // It asks the plist first.
    if (file.text.includes('UIBackgroundModes')) continue;
    const sets =
      /\ballowsBackgroundLocationUpdates\s*=\s*(?:true|YES)\b|\bsetAllowsBackgroundLocationUpdates\s*:\s*YES\b/g;
    for (const { index } of file.code.matchAll(sets)) {
      const ways = await waysTo(repo, file, index);
      if (ways.every(({ kind, isDebug, isOpen }) => isDebug || (kind === 'never' && !isOpen))) {
        continue;
      }
      const need = ofCode(file.path, file.line(index), 'asks for places in the background');
      return [{ ...need, mode: 'location', isSure: true }];
    }
  }
  return [];
}

/** The fetch of before iOS 13, which permitted ids turn off (I25). */
async function ofFetch(repo: DoctorRepo): Promise<PushNeed[]> {
  const interval = 'setMinimumBackgroundFetchInterval';
  if ((await appleSourcesContaining(repo, ['performFetchWithCompletionHandler'])).length === 0) {
    return [];
  }
  const isOff = (await permissionsOf(repo)).some(({ permitted }) => permitted.status !== 'absent');
  const files = isOff ? [] : await appleSourcesContaining(repo, [interval]);
  for (const file of files) {
    const asks = /\bsetMinimumBackgroundFetchInterval\s*[(:](?![^;\n]{0,80}Never\b)/g;
    for (const { index } of file.code.matchAll(asks)) {
      if (isDebugOnly(file, index)) continue;
      const need = ofCode(file.path, file.line(index), `calls ${interval}`);
      return [{ ...need, mode: 'fetch', isSure: true }];
    }
  }
  return [];
}

/** Registering the task is refused: BackgroundModule.swift of expo-notifications, looked at in 58.0.2. */
async function ofExpo(repo: DoctorRepo): Promise<PushNeed[]> {
  const found = await callsFrom(repo, NOTIFICATIONS, 'registerTaskAsync');
  if (found.length === 0) return [];
  const at = await dependencyOf(repo, NOTIFICATIONS);
  return [{ id: undefined, mode, who: NOTIFICATIONS, from: 'library', at, isSure: true }];
}

const ofCode = (file: string, line: number, says: string): PushNeed => ({
  ...{ id: undefined, mode, who: `${file}:${line}`, from: 'code', isSure: false },
  at: { file, line, says },
});

/** Many set the function because a warning asks for it: only one that sends something is a sync. */
async function ofFirebase(repo: DoctorRepo): Promise<PushNeed[]> {
  const name = 'setBackgroundMessageHandler';
  const needs: PushNeed[] = [];
  for (const { script, call } of await callsFrom(repo, FIREBASE, name)) {
    const [{ lineIn, nodesBelow }, { resolveFunction }, { reachedFunctions }] = await Promise.all([
      import('../../code/javascript.ts'),
      import('../../code/js-resolve.ts'),
      import('../../code/js-called.ts'),
    ]);
    const run = await resolveFunction(repo, script, call.arguments.at(-1));
    const reached = run === undefined ? [] : await reachedFunctions(repo, run.script, run.node);
    const sends = reached.some(({ script: { module }, node }) =>
      nodesBelow(node.body).some(
        (one) =>
          one.type === 'CallExpression' &&
          /^(?:fetch|axios|ky|wretch)\b/.test(module.source.slice(one.start ?? 0, one.end ?? 0)),
      ),
    );
    if (sends) needs.push(ofCode(script.path, lineIn(script, call), `calls ${name}`));
  }
  const dart = await dartUsing(repo, 'firebase_messaging');
  for (const file of dart) {
    for (const call of dartCalls(file, /\bFirebaseMessaging\s*\.\s*onBackgroundMessage/)) {
      const [given] = call.positional;
      const files = await repo.sources('dart');
      const run = files
        .flatMap(dartFunctions)
        .filter((one) => given && one.name === file.code.slice(given.start, given.end).trim());
      const reached = run[0] && run.length === 1 ? reachedInDart(run[0], files) : [];
      const sends = reached.some((one) =>
        /\bhttp\s*\.\s*\w+\s*\(|\bDio\s*\(|\bdio\s*\.\s*\w+/.test(
          one.file.code.slice(one.body.start, one.body.end),
        ),
      );
      if (sends) needs.push(ofCode(file.path, file.line(call.offset), 'calls onBackgroundMessage'));
    }
  }
  return needs;
}

/** The calls that iOS comes to, too. */
async function callsFrom(repo: DoctorRepo, module: string, name: string) {
  if (!repo.depends(module)) return [];
  if ((await repo.sourcesContaining('javascript', [name])).length === 0) return [];
  const [{ callsOf, scriptsContaining }, { jsWaysTo }] = await Promise.all([
    import('../../code/javascript.ts'),
    import('../../code/js-reach.ts'),
  ]);
  const found = [];
  for (const script of await scriptsContaining(repo, [name])) {
    if (/\.(?:android|web)\.\w+$/.test(script.path)) continue;
    for (const call of callsOf(script, { module, name })) {
      if (asksPlatform(script, call)) continue;
      const ways = await jsWaysTo(repo, script, call);
      if (ways.some(({ kind, isDev }) => !isDev && kind !== 'never')) found.push({ script, call });
    }
  }
  return found;
}

/** Whether a condition that names Android stands around a node, or leaves a function in front of it. */
function asksPlatform({ module, parents }: Script, node: Node): boolean {
  const says = ({ start, end }: Node): boolean =>
    /android|['"]ios['"]|\bisIos\b/i.test(module.source.slice(start ?? 0, end ?? 0));
  for (let at = parents.get(node); at !== undefined; at = parents.get(at)) {
    if ((at.type === 'IfStatement' || at.type === 'ConditionalExpression') && says(at.test)) {
      return true;
    }
    if (at.type === 'LogicalExpression' && says(at.left)) return true;
    if (at.type !== 'BlockStatement') continue;
    const before = at.body.filter((one) => (one.end ?? 0) <= (node.start ?? 0));
    if (before.some((one) => one.type === 'IfStatement' && says(one.test) && leaves(one))) {
      return true;
    }
  }
  return false;

  function leaves({ consequent }: Node & { readonly consequent: Node }): boolean {
    const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
    return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
  }
}

const PUSH = 'didReceiveRemoteNotification';
/** What waits for the network, or goes on beside the method. */
const WORKS =
  /\b(?:NS)?URLSession\b|\bAF\s?\.|\bTask(?:\.detached)?\s?\{|\bawait\b|(?<!\bmain)\.async\s?\{|\bdispatch_async\s?\((?!\s?dispatch_get_main_queue)/;
const CLOSURE = /^[\w\s,:()[\].]*?\bin\b/;
const MOST_FUNCTIONS = 60;

/** A method that only hands the push to a library, or counts it, is for pushes that show something, too. */
export async function ofDelegate(repo: DoctorRepo): Promise<PushNeed[]> {
  const files = await appleSourcesContaining(repo, [PUSH]);
  const receivers = files
    .flatMap(functionsOf)
    .filter(({ file, header, offset }) => header.includes(PUSH) && !isDebugOnly(file, offset));
  if (receivers.length === 0) return [];
  const functions = await FunctionIndex.of(repo);
  return receivers
    .filter(isSync)
    .map(({ file, offset }) => ofCode(file.path, file.line(offset), 'works for a silent push'));

  function isSync(one: AppleFunction): boolean {
    const name = one.parameters.find(({ label }) => label === 'fetchCompletionHandler')?.name;
    return isLater(one, name) || works(one, new Set());
  }

  /** Whether the handler is called in a closure. */
  function isLater({ file, body }: AppleFunction, name: string | undefined): boolean {
    const { code } = file;
    const calls = code.slice(body.start, body.end).matchAll(/(?<![\w.])(\w+)\s?\(/g);
    return [...calls].some(
      (call) =>
        call[1] === name &&
        bracketsOf(file)
          .around(body.start + call.index)
          .some(
            ({ kind, open }) =>
              kind === '{' &&
              open >= body.start &&
              (CLOSURE.test(code.slice(open + 1, open + 80)) ||
                code.slice(Math.max(body.start, open - 40), open).includes('^')),
          ),
    );
  }

  function works(one: AppleFunction, seen: Set<AppleFunction>): boolean {
    if (seen.has(one) || seen.size > MOST_FUNCTIONS) return false;
    seen.add(one);
    const code = bodyOf(one);
    return (
      WORKS.test(code) || calledIn(one.file, code, one.body.start).some((it) => works(it, seen))
    );
  }

  function calledIn(file: SourceFile, code: string, start: number): AppleFunction[] {
    return [...code.matchAll(/\b([A-Za-z_]\w*)\s?[(:\]]/g)].flatMap(
      ({ 1: name = '', index }) => calledFunction(functions, file, name, start + index) ?? [],
    );
  }
}
