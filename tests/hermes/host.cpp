// Runs JavaScript in the Hermes of a React Native: `host FILE…`. The scripts have `print(text)`, `ask(text)`, which writes a
// line to file 3 and returns the line that file 4 answers, and `onTurn`: it is called until it returns false.
#include <hermes/hermes.h>
#include <jsi/jsi.h>

#include <cstdio>
#include <memory>
#include <string>
#include <unistd.h>

[[noreturn]] static void end(int code) {
  fflush(stdout);
  _exit(code);
}

[[noreturn]] static void endWith(const char *what, const char *which) {
  fprintf(stderr, "%s%s\n", what, which);
  end(1);
}

using namespace facebook;

static std::string textOf(jsi::Runtime &runtime, const jsi::Value &value) {
  return value.toString(runtime).utf8(runtime);
}

static void print(const std::string &text) {
  fwrite(text.data(), 1, text.size(), stdout);
  fputc('\n', stdout);
}

static std::string ask(std::string text) {
  text += '\n';
  for (size_t at = 0; at < text.size();) {
    ssize_t count = write(3, text.data() + at, text.size() - at);
    if (count <= 0) endWith("nobody is asked", "");
    at += count;
  }
  std::string answer;
  char part[65536];
  while (answer.empty() || answer.back() != '\n') {
    ssize_t count = read(4, part, sizeof part);
    if (count <= 0) endWith("nobody answers", "");
    answer.append(part, count);
  }
  answer.pop_back();
  return answer;
}

using Take = jsi::Value (*)(jsi::Runtime &, const jsi::Value &);

static void give(jsi::Runtime &runtime, const char *name, Take take) {
  auto call = [take](jsi::Runtime &runtime, const jsi::Value &, const jsi::Value *values, size_t count) {
    return count > 0 ? take(runtime, values[0]) : jsi::Value::undefined();
  };
  auto id = jsi::PropNameID::forAscii(runtime, name);
  runtime.global().setProperty(runtime, name, jsi::Function::createFromHostFunction(runtime, id, 1, call));
}

static std::string textIn(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == nullptr) endWith("cannot read ", path);
  std::string text;
  char part[65536];
  for (size_t count; (count = fread(part, 1, sizeof part, file)) > 0;) text.append(part, count);
  fclose(file);
  return text;
}

// No exception is caught here: each of Android's libraries brings its own unwinder, and libgcc's cannot resume theirs.
static const char *const PRELUDE = R"(
  function attempt(act) {
    try {
      return act();
    } catch (error) {
      fail(error instanceof Error ? error.message + '\n' + error.stack : error);
    }
  }
  function runAll(count) {
    for (let at = 1; at < count; at++) attempt(() => load(at));
  }
  function turn() {
    return attempt(() => typeof onTurn === 'function' && onTurn() === true);
  }
)";

static char **paths;

int main(int count, char **given) {
  paths = given;
  // As React Native makes it: ReactCommon/react/runtime/hermes/HermesInstance.cpp.
  auto config = ::hermes::vm::RuntimeConfig::Builder().withMicrotaskQueue(true).build();
  // Never freed: the process ends by _exit.
  auto &runtime = *facebook::hermes::makeHermesRuntime(config).release();
  give(runtime, "print", [](jsi::Runtime &runtime, const jsi::Value &value) {
    print(textOf(runtime, value));
    return jsi::Value::undefined();
  });
  give(runtime, "fail", [](jsi::Runtime &runtime, const jsi::Value &value) {
    fprintf(stderr, "%s\n", textOf(runtime, value).c_str());
    end(1);
    return jsi::Value::undefined();
  });
  give(runtime, "ask", [](jsi::Runtime &runtime, const jsi::Value &value) {
    return jsi::Value(jsi::String::createFromUtf8(runtime, ask(textOf(runtime, value))));
  });
  give(runtime, "load", [](jsi::Runtime &runtime, const jsi::Value &value) {
    const char *path = paths[static_cast<int>(value.getNumber())];
    return runtime.evaluateJavaScript(std::make_shared<jsi::StringBuffer>(textIn(path)), path);
  });
  auto call = [&](const char *name, int value) {
    auto result = runtime.global().getPropertyAsFunction(runtime, name).call(runtime, value);
    runtime.drainMicrotasks();
    return result;
  };
  runtime.evaluateJavaScript(std::make_shared<jsi::StringBuffer>(PRELUDE), "host.cpp");
  call("runAll", count);
  while (call("turn", 0).getBool()) continue;
  end(0);
}
