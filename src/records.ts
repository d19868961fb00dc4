/** Whether a value of unknown origin (parsed JSON, YAML, the configuration of a tool) is an object with keys. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
