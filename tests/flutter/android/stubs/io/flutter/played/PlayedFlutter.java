package io.flutter.played;

import android.os.Looper;
import io.flutter.embedding.engine.FlutterEngine;
import io.flutter.embedding.engine.dart.DartExecutor;
import io.flutter.embedding.engine.plugins.FlutterPlugin;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What the tests make of Flutter: its engines, and the Dart in them. */
public final class PlayedFlutter {
  public interface Dart {
    void enter(DartExecutor.DartEntrypoint entry, PlayedMessenger messenger);
  }

  /** Whether the native library is loaded, ever. */
  public static volatile boolean loads = true;

  /** What the constructor of an engine throws. */
  public static volatile RuntimeException failure;

  /** Those that are not destroyed. */
  public static final List<FlutterEngine> engines = new CopyOnWriteArrayList<>();

  /** At one time. */
  public static volatile int mostEngines;

  /** What GeneratedPluginRegistrant registers. */
  public static final List<Supplier<FlutterPlugin>> plugins = new CopyOnWriteArrayList<>();

  public static volatile Dart dart = (entry, messenger) -> {};

  /** Told of each engine that is destroyed. */
  public static volatile Consumer<PlayedMessenger> gone = messenger -> {};

  public static void onMain(String what) {
    if (Looper.myLooper() != Looper.getMainLooper()) {
      throw new IllegalStateException(what + " off the main thread");
    }
  }

  public static void reset() {
    loads = true;
    failure = null;
    engines.clear();
    mostEngines = 0;
    plugins.clear();
    dart = (entry, messenger) -> {};
    gone = messenger -> {};
  }
}
