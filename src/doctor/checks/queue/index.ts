import type { Check } from '../../check.ts';
import { abortedTransaction } from './aborted-transaction.ts';
import { defaultDiscard } from './default-discard.ts';
import { encryptionBuilt } from './encryption-built.ts';
import { exclusiveTransaction } from './exclusive-transaction.ts';
import { idsOfTime } from './ids-of-time.ts';
import { lockedKeychain } from './locked-keychain.ts';
import { sharedContainer } from './shared-container.ts';

/** What is known to lose or expose what waits to be sent, with bgsync's queue or without. */
export const QUEUE_CHECKS: readonly Check[] = [
  encryptionBuilt,
  exclusiveTransaction,
  abortedTransaction,
  defaultDiscard,
  sharedContainer,
  lockedKeychain,
  idsOfTime,
];
