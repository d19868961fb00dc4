/// Of package:flutter/widgets.dart what the generated Dart uses:
/// https://github.com/flutter/flutter/blob/3.29.0/packages/flutter/lib/src/widgets/binding.dart
library;

import 'services.dart';

class WidgetsBinding {}

class WidgetsFlutterBinding extends WidgetsBinding {
  static WidgetsBinding ensureInitialized() {
    isBindingInitialized = true;
    return WidgetsFlutterBinding();
  }
}
