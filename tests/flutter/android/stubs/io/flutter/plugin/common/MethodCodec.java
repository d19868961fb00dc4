package io.flutter.plugin.common;

import androidx.annotation.NonNull;
import androidx.annotation.Nullable;
import java.nio.ByteBuffer;

/** https://github.com/flutter/flutter/blob/3.29.0/engine/src/flutter/shell/platform/android/io/flutter/plugin/common/MethodCodec.java */
public interface MethodCodec {
  @NonNull
  ByteBuffer encodeMethodCall(@NonNull MethodCall methodCall);

  @NonNull
  MethodCall decodeMethodCall(@NonNull ByteBuffer methodCall);

  @NonNull
  ByteBuffer encodeSuccessEnvelope(@Nullable Object result);

  @NonNull
  ByteBuffer encodeErrorEnvelope(
      @NonNull String errorCode, @Nullable String errorMessage, @Nullable Object errorDetails);

  @NonNull
  Object decodeEnvelope(@NonNull ByteBuffer envelope);
}
