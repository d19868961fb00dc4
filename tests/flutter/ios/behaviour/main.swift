// `behaviour FOLDER [NAME…]`: as that of tests/native/ios, for what a Flutter app has of its own.
import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
flutterTests()
if arguments.first == "--phase", arguments.count == 4 {
  runPhase(name: arguments[1], phase: Int(arguments[2]) ?? 0, directory: arguments[3])
}
if arguments.first == "--border", arguments.count == 3 {
  runBorder(directory: arguments[1], id: Int(arguments[2]) ?? 0)
}
guard let folder = arguments.first else {
  print("usage: behaviour FOLDER [NAME…]")
  exit(2)
}
let chosen = Tests.all.filter { test in
  arguments.count == 1 || arguments.dropFirst().contains { test.name.hasPrefix($0) }
}
exit(runAll(chosen, folder: URL(fileURLWithPath: folder, isDirectory: true)))
