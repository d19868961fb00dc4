#!/usr/bin/env node
// Parsed by any Node: the bundle's syntax is not.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
  console.error(`bgsync needs Node 20.12 or newer; this is ${process.versions.node}.`);
  process.exitCode = 2;
} else {
  // From Node 22.1 on: compiled code is kept in the system's temporary folder, which halves what a command takes to start.
  const { enableCompileCache } = await import('node:module');
  enableCompileCache?.();
  await import('../dist/main.js');
}
