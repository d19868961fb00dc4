import { CHECKS } from './checks/index.ts';
import { DEVICE_CHECKS } from './device/index.ts';
import { compareIds } from './rule.ts';
import type { Rule } from './rule.ts';
import { SIGNALS } from './signals/index.ts';
import { TOOL_CHECKS } from './tools/index.ts';

/** Every check there is, by id, wherever it looks. */
export const RULES: readonly Rule[] = [
  ...CHECKS,
  ...TOOL_CHECKS,
  ...SIGNALS,
  ...DEVICE_CHECKS,
].toSorted((a, b) => compareIds(a.id, b.id));
