package android.util;

/** Before the framework's own on the class path, which needs native code. */
public final class Log {
  public static int i(String tag, String message) {
    return 0;
  }

  public static int w(String tag, String message, Throwable error) {
    return 0;
  }

  public static int e(String tag, String message, Throwable error) {
    System.err.println("logged: " + message + ": " + error);
    return 0;
  }
}
