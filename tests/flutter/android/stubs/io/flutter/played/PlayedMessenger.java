package io.flutter.played;

import io.flutter.plugin.common.BinaryMessenger;
import io.flutter.plugin.common.MethodCall;
import io.flutter.plugin.common.StandardMethodCodec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Between the two sides of an engine, as DartMessenger: a task queue is the thread of the caller, never the
 * main one, and an answer is given once. */
public final class PlayedMessenger implements BinaryMessenger {
  /** Of one channel: gets a message, and what takes the answer to it. */
  public interface Handler {
    void onMessage(ByteBuffer message, Consumer<ByteBuffer> reply);
  }

  private record Registered(Handler handler, Executor queue) {}

  private static final class Queue implements TaskQueue {
    final Executor thread = Runnable::run;
  }

  private final Map<String, Registered> handlers = new ConcurrentHashMap<>();
  private volatile boolean isClosed;

  @Override
  public TaskQueue makeBackgroundTaskQueue() {
    return new Queue();
  }

  public void setHandler(String name, Handler handler, TaskQueue queue) {
    PlayedFlutter.onMain("setMethodCallHandler");
    if (handler == null) handlers.remove(name);
    else handlers.put(name, new Registered(handler, ((Queue) queue).thread));
  }

  public void close() {
    isClosed = true;
  }

  /** Dart sends. The answer is null where there is no such channel, or no such method. */
  public void send(String channel, ByteBuffer message, Consumer<ByteBuffer> answer) {
    // Dart ends with its engine.
    if (isClosed) return;
    Registered registered = handlers.get(channel);
    if (registered == null) {
      answer.accept(null);
      return;
    }
    AtomicBoolean isDone = new AtomicBoolean();
    Consumer<ByteBuffer> once =
        reply -> {
          if (isDone.getAndSet(true)) throw new IllegalStateException("Reply already submitted");
          if (!isClosed) answer.accept(reply);
        };
    registered.queue.execute(() -> registered.handler.onMessage(message, once));
  }

  /** Dart calls. What it hears of a missing plugin is `MissingPluginException`, of an error its text. */
  public void call(String channel, String method, List<?> arguments, Consumer<Object> answer) {
    StandardMethodCodec codec = StandardMethodCodec.INSTANCE;
    send(
        channel,
        codec.encodeMethodCall(new MethodCall(method, arguments)),
        reply ->
            answer.accept(reply == null ? "MissingPluginException" : codec.decodeEnvelope(reply)));
  }
}
