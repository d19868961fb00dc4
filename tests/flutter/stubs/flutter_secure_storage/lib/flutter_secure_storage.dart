/// Of package:flutter_secure_storage, what the handler's file uses; kept in this
/// process.
library;

enum KeychainAccessibility { unlocked, first_unlock_this_device }

class IOSOptions {
  const IOSOptions({this.accessibility});

  final KeychainAccessibility? accessibility;
}

class FlutterSecureStorage {
  const FlutterSecureStorage({this.iOptions = const IOSOptions()});

  static final values = <String, String>{};

  final IOSOptions iOptions;

  Future<String?> read({required String key}) async => values[key];

  Future<void> write({required String key, required String? value}) async {
    if (value == null) {
      values.remove(key);
    } else {
      values[key] = value;
    }
  }
}
