package android.content;

/** Before the framework's own on the class path, which needs native code. */
public abstract class BroadcastReceiver {
  private final PendingResult result = new PendingResult();

  public abstract void onReceive(Context context, Intent intent);

  public final PendingResult goAsync() {
    return result;
  }

  /** What the shell would print. */
  public final PendingResult result() {
    return result;
  }

  public static class PendingResult {
    public int code;
    public String data;
    public int finished;

    public final void setResult(int code, String data, android.os.Bundle extras) {
      if (finished > 0) throw new IllegalStateException("Broadcast already finished");
      this.code = code;
      this.data = data;
    }

    public final void finish() {
      if (finished++ > 0) throw new IllegalStateException("Broadcast already finished");
    }
  }
}
