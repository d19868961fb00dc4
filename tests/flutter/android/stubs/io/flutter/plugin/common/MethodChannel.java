package io.flutter.plugin.common;

import androidx.annotation.NonNull;
import androidx.annotation.Nullable;
import androidx.annotation.UiThread;
import io.flutter.played.PlayedMessenger;

/** https://github.com/flutter/flutter/blob/3.29.0/engine/src/flutter/shell/platform/android/io/flutter/plugin/common/MethodChannel.java */
public class MethodChannel {
  private final PlayedMessenger messenger;
  private final String name;
  @Nullable private final BinaryMessenger.TaskQueue taskQueue;

  public MethodChannel(
      @NonNull BinaryMessenger messenger,
      @NonNull String name,
      @NonNull MethodCodec codec,
      @Nullable BinaryMessenger.TaskQueue taskQueue) {
    this.messenger = (PlayedMessenger) messenger;
    this.name = name;
    this.taskQueue = taskQueue;
  }

  @UiThread
  public void setMethodCallHandler(final @Nullable MethodCallHandler handler) {
    messenger.setHandler(name, handler, taskQueue);
  }

  public interface MethodCallHandler {
    @UiThread
    void onMethodCall(@NonNull MethodCall call, @NonNull Result result);
  }

  public interface Result {
    void success(@Nullable Object result);

    void error(
        @NonNull String errorCode, @Nullable String errorMessage, @Nullable Object errorDetails);

    void notImplemented();
  }
}
