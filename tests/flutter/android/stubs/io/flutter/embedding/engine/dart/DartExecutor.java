package io.flutter.embedding.engine.dart;

import androidx.annotation.NonNull;
import io.flutter.played.PlayedFlutter;
import io.flutter.played.PlayedMessenger;

/** https://github.com/flutter/flutter/blob/3.29.0/engine/src/flutter/shell/platform/android/io/flutter/embedding/engine/dart/DartExecutor.java */
public class DartExecutor {
  public final PlayedMessenger messenger = new PlayedMessenger();

  public void executeDartEntrypoint(@NonNull DartEntrypoint dartEntrypoint) {
    PlayedFlutter.onMain("executeDartEntrypoint");
    PlayedFlutter.dart.enter(dartEntrypoint, messenger);
  }

  public static class DartEntrypoint {
    @NonNull public final String pathToBundle;
    @NonNull public final String dartEntrypointLibrary;
    @NonNull public final String dartEntrypointFunctionName;

    public DartEntrypoint(
        @NonNull String pathToBundle,
        @NonNull String dartEntrypointLibrary,
        @NonNull String dartEntrypointFunctionName) {
      this.pathToBundle = pathToBundle;
      this.dartEntrypointLibrary = dartEntrypointLibrary;
      this.dartEntrypointFunctionName = dartEntrypointFunctionName;
    }
  }
}
