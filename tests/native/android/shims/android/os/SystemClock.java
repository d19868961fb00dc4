package android.os;

/** Before the framework's own on the class path, which needs native code. */
public final class SystemClock {
  public static long uptimeMillis() {
    return 0;
  }

  public static long elapsedRealtime() {
    return 0;
  }
}
