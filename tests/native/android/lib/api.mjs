import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAndroidApi } from './android-api.mjs';
import { filesUnder } from './package.mjs';
import { jdk } from './tool-server.mjs';
import { HERE, hash } from './tools.mjs';

const MIN_SDK = 24;

/** Every object has these; the declarations do not repeat them. */
const OF_OBJECT = new Set(['equals', 'hashCode', 'toString', 'getClass']);

/** Constants that the compiler copies have no trace in bytecode; the classes named here are checked by its own lookup. */
const FRAMEWORK = /^(android|dalvik|libcore|com\/android)\//;

let androidApi;

const read = new Map();

/** The compiled classes below a directory: source file, parents, what they declare and refer to. Read once for each state. */
export async function readClasses(directory) {
  const files = filesUnder(directory, '.class');
  const state = hash(...files.flatMap((file) => [file, readFileSync(file)]));
  if (!read.has(state))
    read.set(state, parseJavap(await jdk('javap', ['-c', '-p', '-constants', ...files])));
  return read.get(state);
}

/**
 * Looks at every reference of the compiled classes: android.* must be public API, androidx.work must be in
 * work-api.txt with that very signature, and what is newer than minSdk must stand behind an SDK_INT check.
 *
 * @param classesDir the classes to look at
 * @param among a directory with the others of their package
 * @returns {Promise<string[]>} violations
 */
export async function checkApi(classesDir, among) {
  androidApi ??= readAndroidApi();
  const android = await androidApi;
  const work = readWorkApi();
  const classes = await readClasses(classesDir);
  const others = among === undefined ? [] : await readClasses(among);
  const own = new Map([...others, ...classes].map((entry) => [entry.name, entry]));
  const violations = [];
  for (const { name: inClass, references, parents } of classes) {
    for (const parent of parents.filter((one) => FRAMEWORK.test(one))) {
      if (!android.has(parent))
        violations.push(`${inClass} extends ${parent}, which is not public API`);
    }
    for (const { owner, member, descriptor, guard, method } of references) {
      const where = `${inClass}.${method}`;
      for (const declaring of declaringClasses(owner, member, own)) {
        // The stubs are Kotlin, where androidx is Java with the same static members.
        if (declaring.startsWith('androidx/work/') && (member === 'Companion' || member === 'name'))
          continue;
        let needs;
        if (FRAMEWORK.test(declaring)) needs = sinceOf(android, declaring, member, descriptor);
        else if (declaring.startsWith('androidx/work/'))
          needs =
            work.get(`${declaring.replace(/\$Companion$/, '')}.${member}${descriptor}`) ??
            workParent(work, declaring, member, descriptor);
        else continue;
        if (needs === undefined)
          violations.push(
            `${where} uses ${declaring}.${member}${descriptor}, which is not public API`,
          );
        else if (needs > Math.max(MIN_SDK, guard)) {
          violations.push(
            `${where} uses ${declaring}.${member}, which needs API ${needs}, where SDK_INT may be ${Math.max(MIN_SDK, guard)}`,
          );
        }
      }
    }
  }
  return violations;
}

/** A member inherited by one of our classes belongs to the first parent that is not ours. */
function declaringClasses(owner, member, own) {
  const entry = own.get(owner);
  if (entry === undefined) return [owner];
  if (entry.declared.has(member)) return [];
  const [parent] = entry.parents;
  return parent === undefined ? [] : declaringClasses(parent, member, own);
}

function sinceOf(android, owner, member, descriptor, seen = new Set()) {
  const entry = android.get(owner);
  if (entry === undefined || seen.has(owner)) return undefined;
  seen.add(owner);
  if (OF_OBJECT.has(member)) return entry.since;
  const wanted = descriptor.startsWith('(') ? parameterCount(descriptor) : -1;
  const all = (entry.members.get(member === '"<init>"' ? 'constructor' : member) ?? []).filter(
    ({ parameters }) => parameters === wanted,
  );
  if (all.length > 0) return Math.min(...all.map(({ since }) => since));
  for (const parent of entry.parents) {
    const since = sinceOf(android, parent, member, descriptor, seen);
    if (since !== undefined) return Math.max(since, entry.since);
  }
  return undefined;
}

const parameterCount = (descriptor) =>
  [...descriptor.slice(1, descriptor.indexOf(')')).matchAll(/\[*(?:L[^;]+;|[BCDFIJSZ])/g)].length;

/** CoroutineWorker's inherited members, and a builder's. */
function workParent(work, owner, member, descriptor) {
  const parents = {
    'androidx/work/CoroutineWorker': 'androidx/work/ListenableWorker',
    'androidx/work/OneTimeWorkRequest$Builder': 'androidx/work/WorkRequest$Builder',
    'androidx/work/PeriodicWorkRequest$Builder': 'androidx/work/WorkRequest$Builder',
    'androidx/work/OneTimeWorkRequest': 'androidx/work/WorkRequest',
    'androidx/work/PeriodicWorkRequest': 'androidx/work/WorkRequest',
  };
  const parent = parents[owner];
  return parent === undefined ? undefined : work.get(`${parent}.${member}${descriptor}`);
}

/** androidx's own API text, as JVM signatures. @returns API level by member */
export function readWorkApi() {
  const members = new Map();
  let owner;
  for (const line of readFileSync(join(HERE, 'work-api.txt'), 'utf8').split('\n')) {
    const type = /^ {2}public .*?(?:class|interface|enum) ([\w.]+)/.exec(line);
    if (type) owner = `androidx/work/${type[1].replaceAll('.', '$')}`;
    const level = Number(/@RequiresApi\((\d+)\)/.exec(line)?.[1] ?? MIN_SDK);
    const callable = /^ {4}(ctor|method) (?:@\w+(?:\(.*?\))? )*(.*)\((.*)\);$/.exec(line);
    const constant = /^ {4}enum_constant .* ([\w.]+) (\w+);$/.exec(line);
    if (constant) members.set(`${owner}.${constant[2]}L${owner};`, level);
    if (callable) {
      const [, kind, head, list] = callable;
      const words = head.split(' ');
      const parameters = splitParameters(list).map(descriptorOf).join('');
      const name = kind === 'ctor' ? '"<init>"' : words.at(-1);
      const result = kind === 'ctor' ? 'V' : descriptorOf(words.at(-2));
      members.set(`${owner}.${name}(${parameters})${result}`, level);
    }
  }
  return members;
}

function splitParameters(list) {
  const parts = [];
  let depth = 0;
  let part = '';
  for (const char of list) {
    if (char === '<') depth++;
    if (char === '>') depth--;
    if (char === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  return part.trim() === '' ? parts : [...parts, part];
}

/** `java.util.List<Foo!>? name` or `kotlin.Pair<…>... pairs` as a JVM type. */
function descriptorOf(text) {
  let bare = text.trim();
  while (/<[^<>]*>/.test(bare)) bare = bare.replace(/<[^<>]*>/, '');
  const array = bare.includes('...') || bare.includes('[]') ? '[' : '';
  const type = bare.split(' ')[0].replace(/\.\.\.|\[\]|[?!]/g, '');
  const primitive = { void: 'V', boolean: 'Z', int: 'I', long: 'J', double: 'D', float: 'F' }[type];
  if (primitive) return array + primitive;
  const known = {
    String: 'java/lang/String',
    Object: 'java/lang/Object',
    Class: 'java/lang/Class',
    B: 'androidx/work/WorkRequest$Builder',
    W: 'androidx/work/WorkRequest',
  }[type];
  const segments = type.split('.');
  const first = segments.findIndex((segment) => /^[A-Z]/.test(segment));
  return `${array}L${known ?? [...segments.slice(0, first), segments.slice(first).join('$')].join('/')};`;
}

/**
 * Reads `javap -c -constants`: each class, its source file, what it declares, what of that others see, and its references
 * with the SDK_INT that is certain there.
 */
function parseJavap(text) {
  const classes = [];
  let source;
  let current;
  let method;
  for (const line of text.split('\n')) {
    source = /^Compiled from "(.*)"$/.exec(line)?.[1] ?? source;
    const header =
      /^(?:[\w ]* )?(?:class|interface) ([\w.$]+)(?:<.*?>)?(?: extends ([\w.$]+))?(.*)\{$/.exec(
        line,
      );
    if (header) {
      const implemented = [...header[3].matchAll(/\b((?:[a-z]\w*\.)+[\w$]+)/g)].map(
        ([, name]) => name,
      );
      const parents = [header[2], ...implemented]
        .filter((name) => name !== undefined)
        .map((name) => name.replaceAll('.', '/'));
      current = {
        name: header[1].replaceAll('.', '/'),
        source,
        parents,
        declared: new Set(),
        signatures: new Set(),
        references: [],
      };
      classes.push(current);
      continue;
    }
    const declaration = /^ {2}\S.*?([\w$<>-]+)(\(.*\))?( throws .*)?( = .*)?;$/.exec(line);
    if (declaration && current) {
      method = { name: declaration[1], guards: [], pending: undefined };
      current.declared.add(declaration[1]);
      if (!/^ *private /.test(line)) current.signatures.add(line.trim());
      continue;
    }
    const instruction = /^ +(\d+): (\w+)\s*(.*)$/.exec(line);
    if (!instruction || !method) continue;
    readInstruction(current, method, Number(instruction[1]), instruction[2], instruction[3]);
  }
  return classes;
}

function readInstruction(current, method, offset, opcode, operand) {
  const constant = /^(?:bi|si)push$/.test(opcode) ? Number(operand) : undefined;
  if (operand.includes('android/os/Build$VERSION.SDK_INT')) method.pending = { level: undefined };
  else if (method.pending && constant !== undefined) method.pending.level = constant;
  else if (method.pending?.level !== undefined && opcode.startsWith('if_icmp')) {
    const end = Number(operand);
    // The branch leaves where the level is too low; what follows, up to its target, is certain.
    if (opcode === 'if_icmplt') method.guards.push({ level: method.pending.level, end });
    if (opcode === 'if_icmple') method.guards.push({ level: method.pending.level + 1, end });
    method.pending = undefined;
  }
  const reference =
    /\/\/ (?:Interface)?(?:Method|Field) (?:([\w/$]+)\.)?("<init>"|[\w$-]+):(\S+)$/.exec(operand);
  if (!reference) return;
  const [, owner = current.name, member, descriptor] = reference;
  const guard = Math.max(
    0,
    ...method.guards.filter(({ end }) => offset < end).map(({ level }) => level),
  );
  current.references.push({ owner, member, descriptor, guard, method: method.name });
}
