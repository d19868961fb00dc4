package io.flutter.plugin.common;

public final class StandardMethodCodec implements MethodCodec {
  public static final StandardMethodCodec INSTANCE = new StandardMethodCodec();
}
