import Foundation

/// In the child: the test on a thread of its own, the main thread for UIKit.
func runPhase(name: String, phase: Int, directory: String) -> Never {
  guard let test = Tests.all.first(where: { $0.name == name }) else { exit(2) }
  Thread {
    let app = App(directory: URL(fileURLWithPath: directory, isDirectory: true))
    do {
      try test.phases[phase](app)
      try app.checkRules()
      exit(0)
    } catch {
      print("  \(error)")
      exit(1)
    }
  }.start()
  dispatchMain()
}

/// What came of a test.
struct TestResult: Sendable {
  let passed: Bool
  let lines: Data
}

/// Runs the tests beside each other, as many as there are processors: they wait for most of their time.
///
/// - Returns: the exit code
func runAll(_ tests: [Test], folder: URL) -> Int32 {
  try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  let failFast = ProcessInfo.processInfo.environment["BGSYNC_FAIL_FAST"] != nil
  let lock = NSLock()
  nonisolated(unsafe) var next = 0
  nonisolated(unsafe) var results: [Int: TestResult] = [:]
  let takeNext: @Sendable () -> Int? = {
    lock.withLock {
      let isOver = failFast && results.values.contains { !$0.passed }
      guard next < tests.count, !isOver else { return nil }
      next += 1
      return next - 1
    }
  }
  DispatchQueue.concurrentPerform(iterations: ProcessInfo.processInfo.activeProcessorCount) { _ in
    while let index = takeNext() {
      let result = run(tests[index], folder: folder)
      lock.withLock {
        print("\(result.passed ? "pass" : "FAIL") \(tests[index].name)")
        results[index] = result
      }
    }
  }
  var lines = Data()
  for index in results.keys.sorted() { lines += results[index]?.lines ?? Data() }
  try? lines.write(to: folder.appendingPathComponent("events.log"))
  let failed = tests.indices.filter { results[$0]?.passed == false }
  for index in failed { print("failed: \(tests[index].name)") }
  print("\(tests.count - failed.count) passed, \(failed.count) failed")
  return failed.isEmpty && !tests.isEmpty ? 0 : 1
}

@Sendable func run(_ test: Test, folder: URL) -> TestResult {
  let directory = folder.appendingPathComponent("state-\(UUID().uuidString)", isDirectory: true)
  var passed = true
  for phase in test.phases.indices where passed {
    let child = Process()
    child.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    child.arguments = ["--phase", test.name, String(phase), directory.path]
    do { try child.run() } catch { print("  \(error)") }
    let limit = Date() + 60
    while child.isRunning, Date() < limit { usleep(2000) }
    let hangs = child.isRunning
    if hangs {
      print("  hangs")
      kill(child.processIdentifier, SIGKILL)
    }
    child.waitUntilExit()
    let exited = child.terminationReason == .exit && child.terminationStatus == 0
    // A phase that another one follows may end by dying.
    let died = child.terminationReason == .uncaughtSignal && child.terminationStatus == SIGKILL
    passed = exited || (died && !hangs && phase < test.phases.count - 1)
  }
  let log = directory.appendingPathComponent("events.log")
  let lines = (try? Data(contentsOf: log)) ?? Data()
  try? FileManager.default.removeItem(at: directory)
  return TestResult(passed: passed, lines: lines)
}

/// `behaviour FOLDER [NAME…]`; `--phase` is a test’s own process, and `--border` one of tests/border.
func runProgram(border: (String) -> BorderProcess) -> Never {
  let arguments = Array(CommandLine.arguments.dropFirst())
  if arguments.first == "--phase", arguments.count == 4 {
    runPhase(name: arguments[1], phase: Int(arguments[2]) ?? 0, directory: arguments[3])
  }
  if arguments.first == "--border", arguments.count == 3 {
    runBorder(border(arguments[1]), id: Int(arguments[2]) ?? 0)
  }
  guard let folder = arguments.first else {
    print("usage: behaviour FOLDER [NAME…]")
    exit(2)
  }
  let chosen = Tests.all.filter { test in
    arguments.count == 1 || arguments.dropFirst().contains { test.name.hasPrefix($0) }
  }
  exit(runAll(chosen, folder: URL(fileURLWithPath: folder, isDirectory: true)))
}
