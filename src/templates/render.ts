import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ejs from 'ejs';
import type { TemplateModel } from './model.ts';

/** `templates/` lies beside `dist/` in the published package and beside `src/` here. */
const TEMPLATES_URL = new URL(
  import.meta.url.includes('/src/') ? '../../templates/' : '../templates/',
  import.meta.url,
);

/** Where the files of one layer go, inside the generated package. */
const LAYERS = {
  package: '',
  'react-native': '',
  typescript: 'src/',
  queue: 'src/queue/',
  android: 'android/',
  ios: 'ios/',
  'react-native-android': 'android/',
  'react-native-ios': 'ios/',
  expo: '',
  flutter: '',
  'flutter-android': 'android/',
  'flutter-ios': 'ios/background_sync/',
  'flutter-ios-pod': 'ios/',
  // What stands in place of the package for one release, once the background sync is taken out.
  retired: '',
  'retired-android': 'android/',
  'retired-ios': 'ios/',
} as const;

export type Layer = keyof typeof LAYERS;

/** ejs renders a missing property as nothing; a template that names one is a defect and must fail. */
function strict<T extends object>(value: T, path: string): T {
  return new Proxy(value, {
    get(target, key): unknown {
      const found: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol') return found;
      if (found === undefined) throw new Error(`The template model has no ${path}.${key}`);
      return typeof found === 'object' && found !== null && !Array.isArray(found)
        ? strict(found, `${path}.${key}`)
        : found;
    },
  });
}

function renderText(source: string, model: TemplateModel, filename: string): string {
  return ejs.render(
    source,
    { t: strict(model, 't') },
    // `<%=` would escape for HTML, which is right nowhere here.
    { filename, escape: String },
  );
}

/** Comments of the native core say JavaScript, where it hands a run to whatever language the app's handler is in. */
const inTheWordsOf = ({ host }: TemplateModel, text: string): string =>
  host === 'flutter' ? text.replaceAll(/\bJavaScript\b/g, 'Dart') : text;

function listFiles(directory: URL): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(fileURLToPath(directory).length))
    .map((path) => path.replaceAll('\\', '/').replace(/^\//, ''))
    .sort();
}

/**
 * Renders one layer of the generated package.
 * A file that ends in `.ejs` is a template, any other is copied; a template that renders to nothing is left out.
 *
 * @param folder of the package, where the layer is in another than in most hosts: '' or with a `/` at its end
 * @returns text by path inside the package, with `/`
 */
export function renderLayer(
  layer: Layer,
  model: TemplateModel,
  folder: string = LAYERS[layer],
): Map<string, string> {
  const root = new URL(`${layer}/`, TEMPLATES_URL);
  const files = new Map<string, string>();
  for (const path of listFiles(root)) {
    const source = readFileSync(new URL(path, root), 'utf8');
    if (!path.endsWith('.ejs')) {
      files.set(folder + path, inTheWordsOf(model, source));
      continue;
    }
    const text = renderText(source, model, `templates/${layer}/${path}`);
    if (text.trim() === '') continue;
    files.set(folder + path.slice(0, -'.ejs'.length), inTheWordsOf(model, text));
  }
  return files;
}

/** Several layers, by path in the package; where two have the same path, the later one's file. */
export const renderLayers = (
  layers: readonly { readonly layer: Layer; readonly folder?: string }[],
  model: TemplateModel,
): Map<string, string> =>
  new Map(layers.flatMap(({ layer, folder }) => [...renderLayer(layer, model, folder)]));

/** Renders one template that belongs to no layer, such as the user's handler. */
export function renderFile(path: string, model: TemplateModel): string {
  return renderText(readFileSync(new URL(path, TEMPLATES_URL), 'utf8'), model, `templates/${path}`);
}
