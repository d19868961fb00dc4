package dev.bgsync

/** Where a run enters Dart. */
internal object DartHandler {
    const val LIBRARY = "package:counter/background_sync.dart"
    const val FUNCTION = "backgroundSyncMain"
}
