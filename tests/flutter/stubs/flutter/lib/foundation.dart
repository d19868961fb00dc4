/// Of package:flutter/foundation.dart what the generated Dart uses:
/// https://github.com/flutter/flutter/blob/3.29.0/packages/flutter/lib/src/foundation/print.dart
library;

typedef DebugPrintCallback = void Function(String? message, {int? wrapWidth});

final printed = <String?>[];

DebugPrintCallback debugPrint = (message, {wrapWidth}) => printed.add(message);
