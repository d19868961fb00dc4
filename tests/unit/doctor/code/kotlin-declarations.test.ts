import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  callsOf,
  classAround,
  classesOf,
  codeOf,
  functionAround,
  functionsOf,
  membersOf,
} from '../../../../src/doctor/code/kotlin-declarations.ts';
import { escapes } from '../../../../src/doctor/code/kotlin-exceptions.ts';
import { MaskedFile } from '../../../../src/doctor/source-files.ts';

const kotlin = (text: string) => new MaskedFile('App.kt', text, 'kotlin');
const java = (text: string) => new MaskedFile('App.java', text, 'java');

describe('classes', () => {
  test.each<[string, string, string[]]>([
    ['class A', 'A', []],
    ['class A : B()', 'A', ['B']],
    ['class A : a.b.B(x), C, D<E, F<G>>(y) {}', 'A', ['B', 'C', 'D']],
    ['class A<T : Any>(val b: Map<K, V> = mapOf()) : B<T>(b), C by c {}', 'A', ['B', 'C']],
    ['class A @Inject internal constructor(\n  b: B,\n) : C(b) {}', 'A', ['C']],
    ['object A : B {}', 'A', ['B']],
    ['class A(\n  val b: B = run { c() },\n) :\n  D(),\n  E {\n}', 'A', ['D', 'E']],
  ])('%j', (text, name, supertypes) => {
    expect(classesOf(kotlin(text))).toMatchObject([{ name, supertypes }]);
  });

  test.each(['val a = B::class as Any', 'f(B:: class to c)', 'val a = B::class\n  is C'])(
    'a reference to a class is none: %j',
    (text) => {
      expect(classesOf(kotlin(text))).toEqual([]);
    },
  );

  test('one without a body does not take what follows', () => {
    const file = kotlin(
      'class A(val b: Int)\n\nclass B : C() {\n  fun d() {}\n}\nval x = A::class\n',
    );
    expect(classesOf(file).map(({ name, supertypes }) => [name, supertypes])).toEqual([
      ['A', []],
      ['B', ['C']],
    ]);
  });

  test('of Java', () => {
    const file = java(
      'public final class A<T extends B> extends c.D<T> implements E, F {\n  static class G {}\n}\n',
    );
    expect(classesOf(file).map(({ name, supertypes }) => [name, supertypes])).toEqual([
      ['A', ['D', 'E', 'F']],
      ['G', []],
    ]);
  });
});

describe('functions', () => {
  test.each<[string, string, string]>([
    ['fun a() { b() }', 'a', 'b()'],
    ['suspend fun <T : Any> List<T>.a(b: Int = c()): Map<K, V> where T : D { e() }', 'a', 'e()'],
    ['fun a(): Int = b()\nval c = 1', 'a', 'b()'],
    [
      'fun a() =\n  try {\n    b()\n  } catch (e: E) {\n    c()\n  }\n\nfun',
      'a',
      'try {\n    b()\n  } catch (e: E) {\n    c()\n  }',
    ],
    ['fun a() = b()\n  .c()\n  ?: d()\nval e = 1', 'a', 'b()\n  .c()\n  ?: d()'],
    ['fun `a`(b: () -> Unit): (Int) -> String = { c }', 'a', '{ c }'],
  ])('%j', (text, name, body) => {
    const file = kotlin(text);
    const [found] = functionsOf(file);
    expect(found?.name).toBe(name);
    expect(found && codeOf(file, found.body)).toBe(body);
  });

  test('without a body are none', () => {
    expect(functionsOf(kotlin('interface A {\n  fun b()\n  fun c(): Int\n}\n'))).toEqual([]);
    expect(functionsOf(java('interface A {\n  void b();\n}\n'))).toEqual([]);
  });

  test('of Java are no statements, and no classes without a name', () => {
    const file = java(
      'class A {\n  @Override public R b(int c) throws D, E {\n    if (c > 0) { run(new F() { void g() { h(); } }); }\n  }\n}\n',
    );
    expect(functionsOf(file).map(({ name }) => name)).toEqual(['b', 'g']);
    const at = file.text.indexOf('h()');
    expect(functionAround(file, at)?.name).toBe('g');
    expect(classAround(file, at)?.name).toBe('A');
  });

  test('of a class are not those of one inside', () => {
    const file = kotlin('class A {\n  fun b() {}\n  class C { fun d() {} }\n}\n');
    expect(classesOf(file).map((one) => membersOf(one).map(({ name }) => name))).toEqual([
      ['b'],
      ['d'],
    ]);
  });
});

test('calls have their arguments, and are no declarations, comments or strings', () => {
  const file = kotlin('fun a() {}\nval x = a<B<C>>(1, d(2, 3), "a(4)")\n// a(5)\nobj.a ()\n');
  expect(
    callsOf(file, 'a').map((call) => [
      file.line(call.start),
      call.typeArguments,
      call.arguments.map((one) => file.text.slice(one.start, one.end).trim()),
    ]),
  ).toEqual([
    [2, 'B<C>', ['1', 'd(2, 3)', '"a(4)"']],
    [4, '', []],
  ]);
});

describe('what is thrown', () => {
  const leaves = (body: string) => {
    const file = kotlin(`fun a() {\n${body}\n}\n`);
    const [found] = functionsOf(file);
    const offset = file.text.indexOf('HERE');
    return escapes(file, found!.body, offset, (type) => /Exception|Throwable/.test(type));
  };

  test.each([
    ['at the top', 'HERE', true],
    ['in a condition', 'if (b) { HERE }', true],
    ['in a branch of when', 'when (b) { 1 -> { HERE } }', true],
    ['in withContext', 'withContext(Dispatchers.IO) { HERE }', true],
    ['in a try that catches it', 'try { HERE } catch (e: Exception) { b() }', false],
    ['in a try that catches something else', 'try { HERE } catch (e: Error) { b() }', true],
    ['in a try with finally alone', 'try { HERE } finally { b() }', true],
    ['in a try that throws it on', 'try { HERE } catch (e: Exception) { throw e }', true],
    ['in a try that throws some on', 'try { HERE } catch (e: Exception) { if (b) throw e }', false],
    [
      'in a try inside of another',
      'try { try { HERE } catch (e: Exception) { throw e } } catch (e: Throwable) { }',
      false,
    ],
    ['in a handler', 'try { b() } catch (e: IOException) { HERE }', true],
    [
      'in a handler of a cancellation',
      'try { b() } catch (e: CancellationException) { HERE }',
      false,
    ],
    ['in runCatching', 'runCatching { HERE }', false],
    ['in a coroutine of its own', 'scope.launch { HERE }', false],
  ])('%s', (_name, body, expected) => {
    expect(leaves(body)).toBe(expected);
  });
});

test('a base class that is its own base ends', () => {
  const file = kotlin('class A : B()\nclass B : A()\n');
  expect(classesOf(file).map(({ supertypes }) => supertypes)).toEqual([['B'], ['A']]);
});

test('nothing throws on text that is no code', () => {
  const pieces = fc.constantFrom(
    'class ',
    'object A : ',
    'fun ',
    'fun a(',
    'throw ',
    'try {',
    '} catch (',
    '{',
    '}',
    '(',
    ')',
    '<',
    '>',
    '"',
    '"""',
    '\n',
    'a',
    '= ',
    ': B',
    ', ',
    '/*',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      for (const file of [kotlin(parts.join('')), java(parts.join(''))]) {
        for (const one of classesOf(file)) membersOf(one);
        callsOf(file, 'a');
        for (const { body } of functionsOf(file)) {
          expect(body.start).toBeLessThanOrEqual(body.end);
          for (let at = body.start; at < body.end; at += 1) escapes(file, body, at, () => true);
        }
      }
    }),
  );
});

describe('what a grammar found in real sources', () => {
  test('a nullable type ends an expression body', () => {
    const file = kotlin(
      'class A {\n  fun name(): String? = list[0] as String?\n\n  fun all() = x as? List<B>\n\n  fun last() {\n    end()\n  }\n}\n',
    );
    expect(functionsOf(file).map(({ name, body }) => [name, codeOf(file, body)])).toEqual([
      ['name', 'list[0] as String?'],
      ['all', 'x as? List<B>'],
      ['last', 'end()'],
    ]);
  });

  test('a comparison goes on below', () => {
    const file = kotlin('fun a() = x >\n  y\n\nfun b(): () -> Unit =\n  { c() }\n');
    expect(functionsOf(file).map(({ body }) => codeOf(file, body))).toEqual([
      'x >\n  y',
      '{ c() }',
    ]);
  });

  test('a name of words in backticks', () => {
    const file = kotlin("class T {\n  fun `a job's id is kept`() {\n    check()\n  }\n}\n");
    expect(functionAround(file, file.text.indexOf('check'))?.name).toBe("a job's id is kept");
  });

  test('object is a name in Java', () => {
    const file = java('class A {\n  boolean b(Object object) { return object instanceof C; }\n}\n');
    expect(classesOf(file).map(({ name }) => name)).toEqual(['A']);
  });
});
