import type { Check } from '../../check.ts';
import { dataProtection } from './data-protection.ts';
import { identifierPerConfiguration } from './identifier-per-configuration.ts';
import { infoPlistFound } from './info-plist-found.ts';
import { legacyBackgroundFetch } from './legacy-background-fetch.ts';
import { permittedIdentifier } from './permitted-identifier.ts';
import { processingMode } from './processing-mode.ts';
import { processingWithoutIdentifiers } from './processing-without-identifiers.ts';
import { refreshIdentifiers } from './refresh-identifiers.ts';
import { staleIdentifier } from './stale-identifier.ts';

/** They look at what the Info.plists permit, and at who asks for it. */
export const PERMISSION_CHECKS: readonly Check[] = [
  permittedIdentifier,
  processingMode,
  processingWithoutIdentifiers,
  identifierPerConfiguration,
  infoPlistFound,
  dataProtection,
  legacyBackgroundFetch,
  refreshIdentifiers,
  staleIdentifier,
];
