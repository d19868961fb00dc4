package io.flutter.plugin.common;

import androidx.annotation.NonNull;
import androidx.annotation.Nullable;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * As far as the plugin's values go: https://api.flutter.dev/flutter/services/StandardMessageCodec-class.html. A Dart int is
 * an Integer here, or a Long where it does not fit.
 */
public final class StandardMethodCodec implements MethodCodec {
  public static final StandardMethodCodec INSTANCE = new StandardMethodCodec();

  @Override
  @NonNull
  public ByteBuffer encodeMethodCall(@NonNull MethodCall methodCall) {
    return bytes(methodCall.method, methodCall.arguments);
  }

  @Override
  @NonNull
  public MethodCall decodeMethodCall(@NonNull ByteBuffer methodCall) {
    ByteBuffer in = methodCall.order(ByteOrder.nativeOrder());
    return new MethodCall((String) read(in), read(in));
  }

  @Override
  @NonNull
  public ByteBuffer encodeSuccessEnvelope(@Nullable Object result) {
    return envelope(0, result);
  }

  @Override
  @NonNull
  public ByteBuffer encodeErrorEnvelope(
      @NonNull String errorCode, @Nullable String errorMessage, @Nullable Object errorDetails) {
    return envelope(1, errorCode, errorMessage, errorDetails);
  }

  /** What the real one throws of an error is its text here. */
  @Override
  public Object decodeEnvelope(@NonNull ByteBuffer envelope) {
    ByteBuffer in = envelope.order(ByteOrder.nativeOrder());
    if (in.get() == 0) return read(in);
    return "PlatformException " + read(in) + " " + read(in);
  }

  private static ByteBuffer envelope(int kind, Object... values) {
    ByteBuffer content = bytes(values);
    return ByteBuffer.allocate(1 + content.remaining()).put((byte) kind).put(content).flip();
  }

  private static ByteBuffer bytes(Object... values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object value : values) write(out, value);
    return ByteBuffer.wrap(out.toByteArray());
  }

  private static void number(ByteArrayOutputStream out, int size, long value) {
    ByteBuffer buffer = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    if (size == 2) buffer.putShort((short) value);
    else if (size == 4) buffer.putInt((int) value);
    else buffer.putLong(value);
    out.write(buffer.array(), 0, size);
  }

  private static void size(ByteArrayOutputStream out, int size) {
    if (size < 254) {
      out.write(size);
    } else if (size <= 0xffff) {
      out.write(254);
      number(out, 2, size);
    } else {
      out.write(255);
      number(out, 4, size);
    }
  }

  private static void write(ByteArrayOutputStream out, Object value) {
    if (value == null) {
      out.write(0);
    } else if (value instanceof Boolean flag) {
      out.write(flag ? 1 : 2);
    } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      out.write(3);
      number(out, 4, ((Number) value).intValue());
    } else if (value instanceof Long whole) {
      out.write(4);
      number(out, 8, whole);
    } else if (value instanceof String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.write(7);
      size(out, bytes.length);
      out.write(bytes, 0, bytes.length);
    } else if (value instanceof List<?> list) {
      out.write(12);
      size(out, list.size());
      for (Object one : list) write(out, one);
    } else {
      throw new IllegalArgumentException("Unsupported value: '" + value + "' of type '" + value.getClass() + "'");
    }
  }

  private static int size(ByteBuffer in) {
    int size = in.get() & 0xff;
    return size < 254 ? size : size == 254 ? in.getShort() & 0xffff : in.getInt();
  }

  private static Object read(ByteBuffer in) {
    int type = in.get();
    switch (type) {
      case 0:
        return null;
      case 1:
        return true;
      case 2:
        return false;
      case 3:
        return in.getInt();
      case 4:
        return in.getLong();
      case 7:
        byte[] bytes = new byte[size(in)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
      case 12:
        List<Object> list = new ArrayList<>();
        for (int left = size(in); left > 0; left--) list.add(read(in));
        return list;
      default:
        throw new IllegalArgumentException("Message corrupted: type " + type);
    }
  }
}
