/** What the handler of an app is written in. */
export type Language = 'javascript' | 'dart';
