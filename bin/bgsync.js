#!/usr/bin/env node
// Parsed by any Node: the bundle's syntax is not.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
  console.error(`bgsync needs Node 20.12 or newer; this is ${process.versions.node}.`);
  process.exitCode = 2;
} else {
  await import('../dist/main.js');
}
