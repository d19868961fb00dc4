import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PAGE = fileURLToPath(new URL('../../docs/ios.md', import.meta.url));

/** The files that docs/ios.md shows for React Native 0.88's own template, by name, as it shows them. */
export function templateChange() {
  const text = readFileSync(PAGE, 'utf8');
  return new Map(
    ['AppDelegate.swift', 'SceneDelegate.swift'].map((name) => {
      const block = new RegExp(
        `\`${name.replace('.', '\\.')}\`[^\`]*\`\`\`swift\\n([\\s\\S]*?)\`\`\``,
      );
      const code = block.exec(text)?.[1];
      if (code === undefined) throw new Error(`docs/ios.md shows no ${name}`);
      return [name, code];
    }),
  );
}
