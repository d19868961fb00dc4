import type { Check } from '../../check.ts';
import { oneWriterOfInfoPlist } from '../ios/one-writer-of-info-plist.ts';
import { expoAppConfig } from './app-config.ts';
import { easUpload } from './eas-upload.ts';

/** They look at the config of an Expo app, and at what prebuild makes of it. */
export const EXPO_CHECKS: readonly Check[] = [expoAppConfig, easUpload, oneWriterOfInfoPlist];
