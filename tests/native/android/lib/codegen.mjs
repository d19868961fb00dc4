import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { jdk } from './tool-server.mjs';
import { FRAMEWORK, jar, npmPackage, reactJar } from './tools.mjs';

const require = createRequire(import.meta.url);

/**
 * The Java class that React Native's own codegen makes of the package's specification, as its Gradle plugin would.
 *
 * @returns the path of the compiled classes, and of the Java source for the Kotlin compiler
 */
export async function generateSpec({ packageDir, codegen, react, out }) {
  const lib = join(npmPackage(codegen), 'lib');
  const { TypeScriptParser } = require(join(lib, 'parsers/typescript/parser.js'));
  const { generate } = require(join(lib, 'generators/modules/GenerateModuleJavaSpec.js'));
  const { codegenConfig } = require(join(packageDir, 'package.json'));
  const schema = new TypeScriptParser().parseFile(join(packageDir, 'src/NativeBackgroundSync.ts'));
  const javaPackage = codegenConfig.android.javaPackageName;
  const files = [...generate(codegenConfig.name, schema, javaPackage).entries()];
  const sources = files.map(([path, text]) => {
    const file = join(out, 'java', path.split('/').at(-1));
    mkdirSync(join(out, 'java'), { recursive: true });
    writeFileSync(file, text);
    return file;
  });
  const classes = join(out, 'classes');
  mkdirSync(classes, { recursive: true });
  await jdk('javac', [
    '-nowarn',
    '-source',
    '17',
    '-target',
    '17',
    '-proc:none',
    '-d',
    classes,
    '-cp',
    [reactJar(react), FRAMEWORK, jar('proguard-annotations'), jar('jsr305')].join(':'),
    ...sources,
  ]);
  return classes;
}
