package io.flutter.played;

import io.flutter.plugin.common.BinaryMessenger;
import io.flutter.plugin.common.MethodCall;
import io.flutter.plugin.common.MethodChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Between the two sides of an engine, as DartMessenger: a task queue is the thread of the caller, never the
 * main one, and an answer is given once. */
public final class PlayedMessenger implements BinaryMessenger {
  private record Registered(MethodChannel.MethodCallHandler handler, Executor queue) {}

  private static final class Queue implements TaskQueue {
    final Executor thread = Runnable::run;
  }

  private final Map<String, Registered> handlers = new ConcurrentHashMap<>();
  private volatile boolean isClosed;

  @Override
  public TaskQueue makeBackgroundTaskQueue() {
    return new Queue();
  }

  public void setHandler(String name, MethodChannel.MethodCallHandler handler, TaskQueue queue) {
    PlayedFlutter.onMain("setMethodCallHandler");
    if (handler == null) handlers.remove(name);
    else handlers.put(name, new Registered(handler, ((Queue) queue).thread));
  }

  public void close() {
    isClosed = true;
  }

  /** Dart calls. What it hears of a missing plugin is `MissingPluginException`, of an error its text. */
  public void call(String channel, String method, List<?> arguments, Consumer<Object> answer) {
    // Dart ends with its engine.
    if (isClosed) return;
    Registered registered = handlers.get(channel);
    if (registered == null) {
      answer.accept("MissingPluginException");
      return;
    }
    AtomicBoolean isDone = new AtomicBoolean();
    Consumer<Object> once =
        value -> {
          PlayedFlutter.onMain("an answer");
          if (isDone.getAndSet(true)) throw new IllegalStateException("Reply already submitted");
          if (!isClosed) answer.accept(value);
        };
    MethodChannel.Result result =
        new MethodChannel.Result() {
          @Override
          public void success(Object value) {
            once.accept(value);
          }

          @Override
          public void error(String code, String message, Object details) {
            once.accept("PlatformException " + code + " " + message);
          }

          @Override
          public void notImplemented() {
            once.accept("MissingPluginException");
          }
        };
    registered.queue.execute(
        () -> registered.handler.onMethodCall(new MethodCall(method, arguments), result));
  }
}
