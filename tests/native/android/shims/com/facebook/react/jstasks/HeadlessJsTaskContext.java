package com.facebook.react.jstasks;

import com.facebook.react.bridge.ReactContext;
import java.util.ArrayList;
import java.util.List;

/** Before React Native's own on the class path, which calls into native code. Keeps its rules on threads and ends. */
public final class HeadlessJsTaskContext {
  public static final List<String> calls = new ArrayList<>();
  public static String refusal;
  public static Runnable onStart;

  public static final Companion Companion = new Companion();

  private static final HeadlessJsTaskContext INSTANCE = new HeadlessJsTaskContext();

  private boolean running;

  public static final class Companion {
    public HeadlessJsTaskContext getInstance(ReactContext context) {
      return INSTANCE;
    }
  }

  public synchronized int startTask(HeadlessJsTaskConfig config) {
    assertMain();
    if (refusal != null) throw new IllegalStateException(refusal);
    running = true;
    calls.add("start " + config.getTaskKey() + " in foreground too: " + config.isAllowedInForeground());
    if (onStart != null) onStart.run();
    return 7;
  }

  public synchronized void finishTask(int task) {
    assertMain();
    if (!running) throw new AssertionError("Tried to finish non-existent task with id " + task);
    running = false;
    calls.add("finish " + task);
  }

  public synchronized boolean isTaskRunning(int task) {
    return running;
  }

  /** JavaScript's handler of the task returned: React Native 0.86 and later end it then. */
  public static void endByJavaScript() {
    INSTANCE.running = false;
    calls.add("ended by JavaScript");
  }

  private static void assertMain() {
    if (android.os.Looper.myLooper() != android.os.Looper.getMainLooper()) throw new AssertionError("Not on the UI thread");
  }
}
