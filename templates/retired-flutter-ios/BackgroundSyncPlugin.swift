import Flutter
import Foundation

/// Nothing that Dart could call. The app's registrant names it; what is left to do is done before launch.
public final class BackgroundSyncPlugin: NSObject, FlutterPlugin {
  public static func register(with registrar: FlutterPluginRegistrar) {}
}
