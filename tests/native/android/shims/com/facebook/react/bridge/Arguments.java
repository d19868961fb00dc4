package com.facebook.react.bridge;

/** Before React Native's own on the class path, whose maps live in native code. */
public final class Arguments {
  public static WritableMap createMap() {
    return new JavaOnlyMap();
  }
}
