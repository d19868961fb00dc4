/**
 * What the app's functions answered, read as what it must be: types are gone by the time that it runs, and the body of
 * a response is `any`. What slipped through would fail in the middle of the drain, in the store for instance.
 */
import type { Resolution, SendResult } from './types';

/** Null where it is no SendResult. */
export function readSendResult(answer: unknown): SendResult | null {
  const {
    status,
    id,
    version,
    remote,
    afterMs,
    message,
    outcome,
  } = fieldsOf(answer);
  const named = {
    ...(isName(id) && { id: String(id) }),
    ...(isName(version) && { version: String(version) }),
  };
  const wait = {
    ...(isWait(afterMs) && { afterMs }),
    ...(typeof message === 'string' && { message }),
  };
  switch (status) {
    case 'done':
      return { status, ...named };
    case 'retry':
      return { status, ...wait };
    case 'reject':
      return {
        status,
        message: typeof message === 'string' ? message : show(message),
      };
    case 'conflict':
      return { status, remote, ...named };
    case 'stop':
      return outcome === 'retry' || outcome === 'failed'
        ? { status, outcome, ...wait }
        : null;
    default:
      return null;
  }
}

/** Null where it is no Resolution, or its payload no JSON. */
export function readResolution(answer: unknown): Resolution | null {
  if (answer === 'remote-wins' || answer === 'reject') {
    return answer;
  }
  const { payload, version } = fieldsOf(answer);
  return json(payload) === undefined
    ? null
    : { payload, ...(isName(version) && { version: String(version) }) };
}

/** For a message: what no JSON can say, as JavaScript writes it. */
export const show = (value: unknown): string => json(value) ?? String(value);

function json(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // A circle, or a BigInt.
    return undefined;
  }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const isName = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

const isWait = (value: unknown): value is number =>
  typeof value === 'number' && !Number.isNaN(value);
