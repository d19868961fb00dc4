import { createReport } from './report.ts';
import { VERSION } from './version.ts';

const argv = process.argv.slice(2);
// What scripts and bug reports ask for: answered before commander and the commands' frame are read.
if (argv.length === 1 && /^(?:-v|-V|--version)$/.test(argv[0] ?? '')) {
  createReport(process.stdout, process.stderr).line(VERSION);
} else {
  const { realOutside, run } = await import('./index.ts');
  process.exitCode = await run(argv, realOutside());
}
