package io.flutter;

import androidx.annotation.NonNull;
import io.flutter.embedding.engine.loader.FlutterLoader;

/** https://github.com/flutter/flutter/blob/3.29.0/engine/src/flutter/shell/platform/android/io/flutter/FlutterInjector.java */
public final class FlutterInjector {
  private static final FlutterInjector INSTANCE = new FlutterInjector();
  private final FlutterLoader loader = new FlutterLoader();

  @NonNull
  public static FlutterInjector instance() {
    return INSTANCE;
  }

  @NonNull
  public FlutterLoader flutterLoader() {
    return loader;
  }
}
