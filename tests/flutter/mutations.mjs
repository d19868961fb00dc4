/** Mistakes in the generated Dart that the tests must see. Each replaces text that stands exactly once. */
export const MUTATIONS = [
  {
    name: 'a run is answered twice',
    file: 'lib/src/core.dart',
    from: '    if (window.isExpired) {\n',
    to: '    if (window.isExpired || _open != null) {\n',
    test: 'core_test.dart',
  },
  {
    name: 'the window is not closed for the queue',
    file: 'lib/src/core.dart',
    from: '            handleExpiration();\n',
    to: '',
    test: 'core_test.dart',
  },
  {
    name: 'two drains at once',
    file: 'lib/src/core.dart',
    from: '      await Future.any([before.settled, closed]);\n',
    to: '',
    test: 'core_test.dart',
  },
  {
    name: 'a late answer of the drain before closes the new window',
    file: 'lib/src/core.dart',
    from: '            if (_open != window) return;\n',
    to: '',
    test: 'core_test.dart',
  },
  {
    name: 'Retry-After after the end of the run',
    file: 'lib/src/core.dart',
    from: '      scheduleNext(after.inSeconds);\n',
    to: '      Timer.run(() => scheduleNext(after.inSeconds));\n',
    test: 'core_test.dart',
  },
  {
    name: 'the text of an error in the log of a release',
    file: 'lib/src/core.dart',
    from: "_isDevelopment ? _describe(error) : '${error.runtimeType}'",
    to: '_describe(error)',
    test: 'core_test.dart',
  },
  {
    name: 'a run counts as told before onRun has heard of it',
    file: 'lib/src/core.dart',
    from: '        await _onRun?.call(RunSummary._of(run));\n',
    to: '        unawaited(Future.sync(() => _onRun?.call(RunSummary._of(run))));\n',
    test: 'core_test.dart',
  },
  {
    name: 'listens twice',
    file: 'lib/src/core.dart',
    from: '    if (_isListening) return;\n',
    to: '',
    test: 'core_test.dart',
  },
  {
    name: 'an error of native reaches nobody',
    file: 'lib/src/core.dart',
    from: '    try {\n      await call();\n    } catch (error) {\n      _complain(name, error);\n    }\n',
    to: '    await call();\n',
    test: 'core_test.dart',
  },
  {
    name: 'arguments in another order',
    file: 'lib/src/channel.dart',
    from: "_tell('complete', [runId, outcome, remaining, message])",
    to: "_tell('complete', [runId, outcome, message, remaining])",
    test: 'channel_test.dart',
  },
  {
    name: 'an absent plugin is an error',
    file: 'lib/src/channel.dart',
    from: `      if (answer != null) return answer;
    } on MissingPluginException {`,
    to: `      if (answer != null) return answer;
    } on FormatException {`,
    test: 'channel_test.dart',
  },
  {
    name: 'no binding in the engine of a run',
    file: 'lib/background_sync.dart',
    from: '  WidgetsFlutterBinding.ensureInitialized();\n',
    to: '',
    test: 'handler_test.dart',
  },
  {
    name: 'the back-off never ends',
    file: 'lib/src/schedule_policy.dart',
    from: '      delay = _atMost(backOff, longest);\n',
    to: '      delay = backOff;\n',
    test: 'policy_test.dart',
  },
];

/** The same for the Kotlin of the host and the plugin. */
export const KOTLIN_MUTATIONS = [
  {
    name: 'the engine stays after its run',
    file: 'FlutterDartHost.kt',
    from: 'if (engine === ended) destroy()',
    to: 'if (engine !== ended) destroy()',
  },
  {
    name: 'the engine goes before Dart has heard that its window closes',
    file: 'FlutterDartHost.kt',
    from: 'LINGER_MILLIS = 2_000L',
    to: 'LINGER_MILLIS = 0L',
  },
  {
    name: 'the end of one run takes the engine of the next',
    file: 'FlutterDartHost.kt',
    from: 'if (engine === ended) destroy()',
    to: 'destroy()',
  },
  {
    name: 'two engines at once',
    file: 'FlutterDartHost.kt',
    from: '    private fun start() {\n        destroy()\n',
    to: '    private fun start() {\n',
  },
  {
    name: 'an answer off the main thread',
    file: 'BackgroundSyncPlugin.kt',
    from: '        main.post { result.success(value) }\n',
    to: '        result.success(value)\n',
  },
  {
    name: 'the Dart of an engine that has gone still has its run',
    file: 'BackgroundSyncPlugin.kt',
    from: '        channel.setMethodCallHandler(null)\n        runtime.gate.abandon(this)\n',
    to: '        channel.setMethodCallHandler(null)\n',
  },
  {
    name: 'a late call waits for a run that nobody takes',
    file: 'BackgroundSyncPlugin.kt',
    from: '        if (isDetached) runtime.gate.abandon(this)\n',
    to: '',
  },
  {
    name: 'the app does not arm at its start',
    file: 'BackgroundSyncPlugin.kt',
    from: '        runtime.scope.launch { BackgroundSyncWorker.register(context, switchOn = false) }\n',
    to: '',
  },
  {
    name: 'an error of native is no error in Dart',
    file: 'BackgroundSyncPlugin.kt',
    from: 'result.error("BackgroundSync", error.toString(), null)',
    to: 'result.success(null)',
  },
];
