package android.os;

/** Before the framework's own on the class path, which needs native code. */
public final class Build {
  public static final class VERSION {
    public static int SDK_INT = 35;
  }

  public static final class VERSION_CODES {
    public static final int P = 28;
    public static final int S = 31;
  }
}
