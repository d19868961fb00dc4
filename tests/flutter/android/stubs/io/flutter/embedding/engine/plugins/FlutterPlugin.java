package io.flutter.embedding.engine.plugins;

import android.content.Context;
import androidx.annotation.NonNull;
import io.flutter.plugin.common.BinaryMessenger;

/** https://github.com/flutter/flutter/blob/3.29.0/engine/src/flutter/shell/platform/android/io/flutter/embedding/engine/plugins/FlutterPlugin.java */
public interface FlutterPlugin {
  void onAttachedToEngine(@NonNull FlutterPluginBinding binding);

  void onDetachedFromEngine(@NonNull FlutterPluginBinding binding);

  class FlutterPluginBinding {
    private final Context applicationContext;
    private final BinaryMessenger binaryMessenger;

    public FlutterPluginBinding(Context applicationContext, BinaryMessenger binaryMessenger) {
      this.applicationContext = applicationContext;
      this.binaryMessenger = binaryMessenger;
    }

    @NonNull
    public Context getApplicationContext() {
      return applicationContext;
    }

    @NonNull
    public BinaryMessenger getBinaryMessenger() {
      return binaryMessenger;
    }
  }
}
