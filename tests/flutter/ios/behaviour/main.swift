// `behaviour FOLDER [NAME…]`: as that of tests/native/ios, for what a Flutter app has of its own.
flutterTests()
runProgram { FlutterBorder(directory: $0) }
