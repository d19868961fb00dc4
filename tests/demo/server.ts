/**
 * The server of the demo: as `bgsync trigger --platform local --server` plays one, but in a process of its own, so that it
 * outlives each run. Prints its address; ends when its standard input does, with what it counted.
 */
import { PlayedServer } from '../../src/devices/local/played-server.ts';

/** A network that takes its time. */
const LATENCY_MS = 150;

const played = new PlayedServer('steady', undefined, LATENCY_MS);
console.log(await played.start());

process.stdin.resume();
process.stdin.on('end', () => {
  console.log(JSON.stringify(played.counts));
  played.stop();
});
