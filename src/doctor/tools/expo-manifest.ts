import { permissionOfType } from '../checks/android/foreground-type.ts';
import { NEEDED_PERMISSIONS } from '../checks/android/permission-removed.ts';
import { usesWork } from '../checks/android/uses-work.ts';
import type { Finding } from '../check.ts';
import type { RunnableCheck } from '../run.ts';
import { askTool } from './bench.ts';
import type { ToolBench } from './bench.ts';
import { INTROSPECT } from './expo-config.ts';

const BOOT = 'android.permission.RECEIVE_BOOT_COMPLETED';

export const expoManifest: RunnableCheck<ToolBench> = {
  id: 'T03',
  title:
    'Expo’s own CLI would write an AndroidManifest.xml whose services and receivers have their permissions',
  severity: 'error',
  why: '`npx expo prebuild` and EAS Build write the manifest that the config and its plugins make. A permission that is blocked there, or that a service or receiver lacks, is missing at run time, and no build says so.',
  source: 'https://docs.expo.dev/config-plugins/development-and-debugging/#introspection',
  fix: 'Ask for the permission in android.permissions of the app config, or take it out of android.blockedPermissions.',
  explain: [
    'A10, A22 and A37 read android.permissions, android.blockedPermissions and the manifests of local modules. This check runs the config: with --run-tools, `expo config --type introspect` of the app’s own node_modules is started in the app’s folder, and the manifest that it makes is looked at. It sees what local and other config plugins write.',
    'It is never run unless asked for, because it executes code of the repo.',
  ].join('\n\n'),
  appliesTo: ({ repo }) => repo.host === 'expo',
  async run(bench) {
    const { repo } = bench;
    const expo = await repo.expo();
    if (expo?.android !== 'generated' || !expo.platforms.includes('android')) return [];
    const manifest = manifestIn(await askTool(bench, INTROSPECT));
    if (manifest === undefined) return [];
    const file = expo.config.dynamic ?? expo.config.static ?? 'app.json';
    const permissions = listOf(manifest['uses-permission']).map(attributesOf);
    const isRemoved = (one: Attributes): boolean => (one['tools:node'] ?? '').startsWith('remove');
    const asked = new Set(permissions.filter((one) => !isRemoved(one)).map(nameOf));
    const user = await usesWork(repo);
    const findings: Finding[] = [];
    for (const name of permissions.filter(isRemoved).map(nameOf)) {
      const effect = Object.hasOwn(NEEDED_PERMISSIONS, name) ? NEEDED_PERMISSIONS[name] : undefined;
      if (effect === undefined || user === undefined) continue;
      findings.push({ file, message: `Expo removes ${name}: ${effect}`, evidence: [user] });
    }
    const applications = listOf(manifest.application);
    for (const service of applications.flatMap((one) => listOf(one.service))) {
      const attributes = attributesOf(service);
      const types = (attributes['android:foregroundServiceType'] ?? '').split('|').filter(Boolean);
      const lacks = types.map(permissionOfType).filter((one) => one !== undefined);
      if (lacks.some((one) => asked.has(one))) continue;
      for (const permission of lacks) {
        const message = `the service ${nameOf(attributes)} that Expo writes is of the type ${types.join('|')}, and the app does not ask for ${permission}`;
        findings.push({ file, message });
      }
    }
    const receivers = applications.flatMap((one) => listOf(one.receiver));
    const isBoot = (receiver: Node): boolean =>
      listOf(receiver['intent-filter'])
        .flatMap((filter) => listOf(filter.action))
        .some((action) => nameOf(attributesOf(action)) === 'android.intent.action.BOOT_COMPLETED');
    if (asked.has(BOOT) || user !== undefined) return findings;
    for (const receiver of receivers.filter(isBoot)) {
      const message = `the receiver ${nameOf(attributesOf(receiver))} that Expo writes waits for BOOT_COMPLETED, and the app does not ask for RECEIVE_BOOT_COMPLETED`;
      findings.push({ file, message });
    }
    return findings;
  },
};

type Attributes = Readonly<Record<string, string | undefined>>;
type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

const listOf = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

/** As xml2js has them, which Expo's mods work on. */
function attributesOf({ $: attributes }: Node): Attributes {
  if (!isNode(attributes)) return {};
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => typeof value === 'string'),
  ) as Attributes;
}

const nameOf = (attributes: Attributes): string => attributes['android:name'] ?? '';

/** The manifest that the mods made; undefined where Expo says nothing of it. */
function manifestIn(document: unknown): Node | undefined {
  const internal = isNode(document) ? document._internal : undefined;
  const results = isNode(internal) ? internal.modResults : undefined;
  const android = isNode(results) ? results.android : undefined;
  const manifest = isNode(android) ? android.manifest : undefined;
  const root = isNode(manifest) ? manifest.manifest : undefined;
  return isNode(root) ? root : undefined;
}
