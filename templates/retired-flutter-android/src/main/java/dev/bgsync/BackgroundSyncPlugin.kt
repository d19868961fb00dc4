package dev.bgsync

import io.flutter.embedding.engine.plugins.FlutterPlugin

/** Nothing that Dart could call: Flutter makes it when an engine of the app starts, and that is all it is for. */
class BackgroundSyncPlugin : FlutterPlugin {
    override fun onAttachedToEngine(binding: FlutterPlugin.FlutterPluginBinding) {
        Retirement.cancel(binding.applicationContext)
    }

    override fun onDetachedFromEngine(binding: FlutterPlugin.FlutterPluginBinding) = Unit
}
