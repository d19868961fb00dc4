/// Of package:path_provider, what the handler's file uses.
library;

import 'dart:io';

Future<Directory> getApplicationSupportDirectory() async =>
    Directory(Platform.environment['BGSYNC_SUPPORT']!);
