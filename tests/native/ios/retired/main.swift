// The package that `bgsync remove --retire` leaves, on a device that has requests of earlier versions.
@_spi(Fake) import BackgroundTasks
import Foundation

@testable import RetiredSync

let current = "dev.bgsync.processing"
let earlier = "dev.bgsync.old"

struct Test {
  let name: String
  let body: (FakeSystem) -> String?
}

/// Nil where it became true in time.
func eventually(_ what: String, _ condition: () -> Bool) -> String? {
  for _ in 0..<5000 {
    if condition() { return nil }
    usleep(2000)
  }
  return "never: \(what)"
}

let tests = [
  Test(name: "without the package, a pending request ends the app") { system in
    system.leavePending(current)
    system.endLaunch()
    system.launchDueTask()
    return system.crashes.isEmpty ? "the stub does not punish it" : nil
  },
  Test(name: "every id of every version is known") { _ in
    Set(Retirement.taskIds) == [current, earlier] ? nil : "\(Retirement.taskIds)"
  },
  Test(name: "a launch takes back what earlier versions asked for, and nothing else") { system in
    system.configure { $0.permittedIdentifiers = [current, "mine"] }
    system.leavePending(current)
    system.leavePending(earlier)
    system.leavePending("mine")
    Retirement.start(permittedTaskIds: [current, "mine"])
    system.endLaunch()
    return eventually("cancelled; \(system.pendingIdentifiers)") {
      system.pendingIdentifiers == ["mine"]
    } ?? (system.crashes.isEmpty ? nil : "\(system.crashes)")
  },
  Test(name: "a task that is due before that is answered, and done") { system in
    system.configure { $0.permittedIdentifiers = [current] }
    Retirement.start(permittedTaskIds: [current])
    system.endLaunch()
    system.leavePending(current)
    guard system.launchDueTask() else { return "\(system.crashes)" }
    return eventually("completed") { system.completions.map(\.success) == [true] }
      ?? (system.crashes.isEmpty ? nil : "\(system.crashes)")
  },
  Test(name: "an id that Info.plist no longer has is not registered") { system in
    Retirement.start(permittedTaskIds: [])
    system.endLaunch()
    return system.registeredIdentifiers.isEmpty && system.crashes.isEmpty
      ? nil : "\(system.crashes)"
  },
]

// Each in a process of its own: the system is one per process.
if CommandLine.arguments.count == 2, let index = Int(CommandLine.arguments[1]) {
  if let problem = tests[index].body(FakeSystem.current) {
    print("  \(problem)")
    exit(1)
  }
  exit(0)
}
var failed = 0
for (index, test) in tests.enumerated() {
  let child = Process()
  child.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
  child.arguments = [String(index)]
  try child.run()
  child.waitUntilExit()
  let passed = child.terminationStatus == 0
  print("\(passed ? "pass" : "FAIL") \(test.name)")
  if !passed { failed += 1 }
}
print("\(tests.count - failed) passed, \(failed) failed")
exit(failed == 0 ? 0 : 1)
