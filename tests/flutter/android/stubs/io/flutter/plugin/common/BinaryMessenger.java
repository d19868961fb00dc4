package io.flutter.plugin.common;

/** https://github.com/flutter/flutter/blob/3.29.0/engine/src/flutter/shell/platform/android/io/flutter/plugin/common/BinaryMessenger.java */
public interface BinaryMessenger {
  interface TaskQueue {}

  TaskQueue makeBackgroundTaskQueue();
}
