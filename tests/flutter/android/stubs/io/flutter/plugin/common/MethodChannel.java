package io.flutter.plugin.common;

import androidx.annotation.NonNull;
import androidx.annotation.Nullable;
import androidx.annotation.UiThread;
import io.flutter.played.PlayedFlutter;
import io.flutter.played.PlayedMessenger;

/** https://github.com/flutter/flutter/blob/3.29.0/engine/src/flutter/shell/platform/android/io/flutter/plugin/common/MethodChannel.java */
public class MethodChannel {
  private final PlayedMessenger messenger;
  private final String name;
  private final MethodCodec codec;
  @Nullable private final BinaryMessenger.TaskQueue taskQueue;

  public MethodChannel(
      @NonNull BinaryMessenger messenger,
      @NonNull String name,
      @NonNull MethodCodec codec,
      @Nullable BinaryMessenger.TaskQueue taskQueue) {
    this.messenger = (PlayedMessenger) messenger;
    this.name = name;
    this.codec = codec;
    this.taskQueue = taskQueue;
  }

  @UiThread
  public void setMethodCallHandler(final @Nullable MethodCallHandler handler) {
    messenger.setHandler(name, handler == null ? null : incoming(handler), taskQueue);
  }

  /** What the handler throws is an error of its call. */
  private PlayedMessenger.Handler incoming(MethodCallHandler handler) {
    return (message, reply) -> {
      MethodCall call = codec.decodeMethodCall(message);
      try {
        handler.onMethodCall(
            call,
            new Result() {
              @Override
              public void success(Object result) {
                PlayedFlutter.onMain("an answer");
                reply.accept(codec.encodeSuccessEnvelope(result));
              }

              @Override
              public void error(String errorCode, String errorMessage, Object errorDetails) {
                PlayedFlutter.onMain("an answer");
                reply.accept(codec.encodeErrorEnvelope(errorCode, errorMessage, errorDetails));
              }

              @Override
              public void notImplemented() {
                PlayedFlutter.onMain("an answer");
                reply.accept(null);
              }
            });
      } catch (RuntimeException error) {
        reply.accept(codec.encodeErrorEnvelope("error", error.getMessage(), null));
      }
    };
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
