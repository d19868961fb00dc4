import { spawn } from 'node:child_process';

/** Runs a program to its end, `input` on its stdin; rejects with its output where it fails. */
export function exec(command, args, { input, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...options,
    });
    child.stdin?.end(input);
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else
        reject(
          new Error(`${command} ${args.slice(0, 4).join(' ')} … ended with ${code}\n${output}`),
        );
    });
  });
}
