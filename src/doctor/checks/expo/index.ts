import type { Check } from '../../check.ts';
import { expoAppConfig } from './app-config.ts';
import { easUpload } from './eas-upload.ts';

export const EXPO_CHECKS: readonly Check[] = [expoAppConfig, easUpload];
