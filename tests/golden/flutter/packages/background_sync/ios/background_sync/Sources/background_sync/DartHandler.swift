/// Where a run enters Dart.
enum DartHandler {
  static let library = "package:counter/background_sync.dart"
  static let function = "backgroundSyncMain"
}
