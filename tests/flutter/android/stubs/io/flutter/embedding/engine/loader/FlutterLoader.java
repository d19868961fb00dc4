package io.flutter.embedding.engine.loader;

import android.content.Context;
import android.os.Handler;
import androidx.annotation.NonNull;
import androidx.annotation.Nullable;
import io.flutter.played.PlayedFlutter;

/** https://github.com/flutter/flutter/blob/3.29.0/engine/src/flutter/shell/platform/android/io/flutter/embedding/engine/loader/FlutterLoader.java */
public class FlutterLoader {
  private boolean isStarted;

  public void startInitialization(@NonNull Context applicationContext) {
    PlayedFlutter.onMain("startInitialization");
    isStarted = true;
  }

  public void ensureInitializationCompleteAsync(
      @NonNull Context applicationContext,
      @Nullable String[] args,
      @NonNull Handler callbackHandler,
      @NonNull Runnable callback) {
    PlayedFlutter.onMain("ensureInitializationComplete");
    if (!isStarted) {
      throw new IllegalStateException(
          "ensureInitializationComplete must be called after startInitialization");
    }
    if (PlayedFlutter.loads) callbackHandler.post(callback);
  }

  @NonNull
  public String findAppBundlePath() {
    return "flutter_assets";
  }
}
