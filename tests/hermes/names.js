// Prints the names of ECMAScript that this engine has, as JSON: `Array.prototype.at`.
(function () {
  'use strict';
  const names = [];
  const seen = new Set();
  const iterator = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  const queue = [
    // Hermes has its constructors as globals, too.
    [Intl, 'Intl'],
    [globalThis, ''],
    [Object.getPrototypeOf(Uint8Array), 'TypedArray'],
    [iterator, 'Iterator.prototype'],
  ];
  for (const [object, path] of queue) {
    if (seen.has(object)) continue;
    seen.add(object);
    for (const key of Reflect.ownKeys(object)) {
      if (typeof key === 'symbol' || key === 'constructor') continue;
      const name = path === '' ? key : path + '.' + key;
      names.push(name);
      let value = null;
      try {
        value = object[key];
      } catch {
        // The getter of a prototype.
      }
      if (value !== null && (typeof value === 'object' || typeof value === 'function'))
        queue.push([value, name]);
    }
  }
  globalThis.print(JSON.stringify(names));
})();
