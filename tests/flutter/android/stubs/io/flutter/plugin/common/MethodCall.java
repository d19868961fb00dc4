package io.flutter.plugin.common;

import androidx.annotation.NonNull;

public final class MethodCall {
  public final String method;
  public final Object arguments;

  public MethodCall(@NonNull String method, Object arguments) {
    this.method = method;
    this.arguments = arguments;
  }
}
