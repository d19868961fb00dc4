import { describe, expect, it } from 'vitest';
import { ensureDartExport, readDart } from '../../../src/formats/dart.ts';

const WANTED = {
  uri: 'background_sync.dart',
  sameAs: 'package:app/background_sync.dart',
  name: 'backgroundSyncMain',
};
const LINE = "export 'background_sync.dart' show backgroundSyncMain;";
const ensure = (source: string) => ensureDartExport(source, WANTED);

describe('puts one line below the last import or export', () => {
  it.each<[name: string, before: string, after: string]>([
    [
      'an import',
      "import 'a.dart';\n\nvoid main() {}\n",
      `import 'a.dart';\n${LINE}\n\nvoid main() {}\n`,
    ],
    [
      'several, over lines, with conditions, comments and annotations',
      "// license\n@Deprecated('x;y')\nimport 'a.dart'\n    if (dart.library.io) 'b;.dart'\n    show a, b; // why\n/* ; /* ; */ */\nexport \"c.dart\" hide d;\nvoid main() {}\n",
      `// license\n@Deprecated('x;y')\nimport 'a.dart'\n    if (dart.library.io) 'b;.dart'\n    show a, b; // why\n/* ; /* ; */ */\nexport "c.dart" hide d;\n${LINE}\nvoid main() {}\n`,
    ],
    [
      'above the parts',
      "import 'a.dart';\npart 'b.dart';\n",
      `import 'a.dart';\n${LINE}\npart 'b.dart';\n`,
    ],
    [
      'a library alone',
      'library app;\n\nvoid main() {}\n',
      `library app;\n\n${LINE}\n\nvoid main() {}\n`,
    ],
    ['nothing', 'void main() {}\n', `${LINE}\n\nvoid main() {}\n`],
    [
      'nothing but what belongs to the first declaration',
      '// license\n\n/// Starts it.\n@pragma("x")\nvoid main() {}\n',
      `// license\n\n${LINE}\n\n/// Starts it.\n@pragma("x")\nvoid main() {}\n`,
    ],
    [
      'an old comment of documentation',
      '/**\n * Starts it.\n */\nvoid main() {}\n',
      `${LINE}\n\n/**\n * Starts it.\n */\nvoid main() {}\n`,
    ],
    [
      'a script',
      '#!/usr/bin/env dart\nimport "a.dart";\n',
      `#!/usr/bin/env dart\nimport "a.dart";\n${LINE}\n`,
    ],
    [
      'Windows line endings',
      "import 'a.dart';\r\nvoid main() {}\r\n",
      `import 'a.dart';\r\n${LINE}\r\nvoid main() {}\r\n`,
    ],
    ['a byte order mark', "\uFEFFimport 'a.dart';\n", `\uFEFFimport 'a.dart';\n${LINE}\n`],
    [
      'functions named like directives',
      'part() {}\nlibrary(x) => x;\n',
      `${LINE}\n\npart() {}\nlibrary(x) => x;\n`,
    ],
    [
      'a deferred import of it',
      "import 'background_sync.dart' deferred as b;\n",
      `import 'background_sync.dart' deferred as b;\n${LINE}\n`,
    ],
    [
      'a version of Dart above the imports',
      "// @dart=3.0\nimport 'a.dart';\n",
      `// @dart=3.0\nimport 'a.dart';\n${LINE}\n`,
    ],
    [
      'a text in a comment',
      `// ${LINE}\nimport 'a.dart';\n`,
      `// ${LINE}\nimport 'a.dart';\n${LINE}\n`,
    ],
  ])('%s', (_name, before, after) => {
    const result = ensure(before);
    expect(result.status === 'changed' && result.text).toBe(after);
    expect(ensure(after)).toEqual({ status: 'already' });
  });
});

it.each([
  LINE,
  "import 'background_sync.dart';",
  "import './background_sync.dart' as sync;",
  'export "package:app/background_sync.dart";',
  "import r'background_sync.dart' show AppQueue;",
])('takes what brings the library in already: %s', (line) => {
  expect(ensure(`import 'a.dart';\n${line}\nvoid main() {}\n`)).toEqual({ status: 'already' });
});

it.each([
  ["part of 'app.dart';\n", 'a part of another library'],
  ['part of app;\n', 'a part of another library'],
  ['/* never closed', 'no end'],
  ['// @dart=2.19\nvoid main() {}\n', 'a version of Dart'],
])('leaves %j to a person: %s', (source, reason) => {
  expect(ensure(source)).toMatchObject({
    status: 'manual',
    snippet: LINE,
    reason: expect.stringContaining(reason) as unknown,
  });
});

it('reads what directives say', () => {
  const file = readDart(
    "library a.b;\nimport 'c.dart' as d show e, f hide g;\nexport '$x.dart';\npart of h;\nvoid main() {}",
  );
  expect(file?.directives).toMatchObject([
    { kind: 'library', uri: undefined },
    { kind: 'import', uri: 'c.dart', show: ['e', 'f'], hide: ['g'], isDeferred: false },
    { kind: 'export', uri: undefined, show: undefined },
    { kind: 'part of', uri: undefined },
  ]);
  expect(file?.body).toBe(
    "library a.b;\nimport 'c.dart' as d show e, f hide g;\nexport '$x.dart';\npart of h;\n".length,
  );
});
