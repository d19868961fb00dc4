/**
 * `npm run bench [-- NAME…]`: every benchmark, whatever becomes of the others. Ends with 3 where one is over its budget,
 * with 1 where one could not be run.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const BENCHMARKS = ['startup', 'plan', 'logs', 'growth'];
const OVER_BUDGET = 3;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !BENCHMARKS.includes(name));
if (unknown.length > 0) throw new Error(`There is no benchmark ${unknown.join(', ')}`);
const codes = (wanted.length > 0 ? wanted : BENCHMARKS).map((name) => {
  const script = join(import.meta.dirname, `${name}.ts`);
  const { status } = spawnSync(process.execPath, [...process.execArgv, script], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.log(status === OVER_BUDGET ? `${name} is over budget` : `${name} could not be run`);
  }
  return status;
});
if (codes.some((code) => code !== 0 && code !== OVER_BUDGET)) process.exitCode = 1;
else if (codes.includes(OVER_BUDGET)) process.exitCode = OVER_BUDGET;
