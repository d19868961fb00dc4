/** The program without its process: what the tests call, and what another tool may. */
export { realOutside } from './outside.ts';
export { run } from './run.ts';
