/** Takes the oldest out of what remembers more than it may: what a log or a device sends has no end. */
export function dropOldest<Key>(remembered: Set<Key> | Map<Key, unknown>, most: number): void {
  if (remembered.size <= most) return;
  for (const oldest of remembered.keys()) {
    remembered.delete(oldest);
    return;
  }
}
