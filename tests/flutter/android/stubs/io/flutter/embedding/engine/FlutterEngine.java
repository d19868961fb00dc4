package io.flutter.embedding.engine;

import android.content.Context;
import androidx.annotation.NonNull;
import io.flutter.embedding.engine.dart.DartExecutor;
import io.flutter.embedding.engine.plugins.FlutterPlugin;
import io.flutter.played.PlayedFlutter;
import java.util.ArrayList;
import java.util.List;

/**
 * https://github.com/flutter/flutter/blob/3.29.0/engine/src/flutter/shell/platform/android/io/flutter/embedding/engine/FlutterEngine.java
 * Like it, the constructor registers the app's plugins, and `destroy` detaches them.
 */
public class FlutterEngine {
  private final DartExecutor dartExecutor = new DartExecutor();
  private final List<FlutterPlugin> plugins = new ArrayList<>();
  private boolean isDead;
  private final FlutterPlugin.FlutterPluginBinding binding;

  public FlutterEngine(@NonNull Context context) {
    PlayedFlutter.onMain("new FlutterEngine");
    binding =
        new FlutterPlugin.FlutterPluginBinding(
            context.getApplicationContext(), dartExecutor.messenger);
    if (PlayedFlutter.failure != null) throw PlayedFlutter.failure;
    PlayedFlutter.engines.add(this);
    PlayedFlutter.mostEngines = Math.max(PlayedFlutter.mostEngines, PlayedFlutter.engines.size());
    for (var make : PlayedFlutter.plugins) {
      FlutterPlugin plugin = make.get();
      plugins.add(plugin);
      plugin.onAttachedToEngine(binding);
    }
  }

  @NonNull
  public DartExecutor getDartExecutor() {
    return dartExecutor;
  }

  public void destroy() {
    PlayedFlutter.onMain("destroy");
    if (isDead) return;
    if (!PlayedFlutter.engines.remove(this)) throw new IllegalStateException("destroyed twice");
    for (FlutterPlugin plugin : plugins) plugin.onDetachedFromEngine(binding);
    dartExecutor.messenger.close();
    PlayedFlutter.gone.accept(dartExecutor.messenger);
  }

  /** Its process has died: nobody is told. */
  public void processDied() {
    isDead = true;
    dartExecutor.messenger.close();
  }
}
