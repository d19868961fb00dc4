import type { Check, Finding } from '../../check.ts';
import type { DoctorRepo } from '../../repo.ts';

const CI_FILES = [
  '.gitlab-ci.yml',
  'azure-pipelines.yml',
  'bitrise.yml',
  '.circleci/config.yml',
  'codemagic.yaml',
];

/** Runs what is installed, and downloads the newest where nothing is, or where the version that is named is not. */
const INSTALLED =
  /\b(?:npx|bunx|npm exec)((?:\s+-{1,2}[\w-]+)*)\s+(?:--\s+)?bgsync(@[\w.^~-]+)?(?![\w./@-])/;
/** Downloads, whatever is installed. */
const DOWNLOADED =
  /\b(?:pnpm dlx|yarn dlx|pnpx)((?:\s+-{1,2}[\w-]+)*)\s+bgsync(@[\w.^~-]+)?(?![\w./@-])/;

export const pinnedInCi: Check = {
  id: 'X09',
  title: 'CI runs a pinned bgsync',
  severity: 'warning',
  why: 'An unpinned one is the newest of that day: a build that passed can fail tomorrow with nothing changed, and what it checks is not what you see.',
  source: 'https://docs.npmjs.com/cli/v11/commands/npx',
  fix: 'Run `npx bgsync init --pin`, or name the version: `npx bgsync@VERSION doctor`.',
  explain: [
    '`npx bgsync` runs the version in node_modules where there is one, and else downloads the latest. With bgsync in devDependencies and a lock file in the repo, CI runs what you run. `pnpm dlx` and `yarn dlx` always download: use `pnpm exec bgsync` and `yarn bgsync`.',
    'Looked at are .github/workflows and the usual files of GitLab, CircleCI, Bitrise, Azure Pipelines and Codemagic.',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    const isInstalled = repo.depends('bgsync');
    for (const file of await ciFiles(repo)) {
      const text = await repo.read(file);
      if (text?.includes('bgsync') !== true) continue;
      for (const [index, line] of text.split('\n').entries()) {
        // What is that long was not written by people.
        if (line.length > 2000 || /^\s*#/.test(line)) continue;
        const downloaded = DOWNLOADED.exec(line);
        const found = downloaded ?? INSTALLED.exec(line);
        if (found === null) continue;
        const [, options = '', version] = found;
        if (version === undefined ? isInstalled && downloaded === null : isExact(version)) continue;
        // It fails where nothing is installed.
        if (/\s--no(?:-install)?(?=\s|$)/.test(options)) continue;
        const message = `runs \`${found[0].trim()}\`, whichever version is the newest`;
        findings.push({ file, line: index + 1, message });
      }
    }
    return findings;
  },
};

const isExact = (version: string): boolean => /^@\d+\.\d+\.\d+/.test(version);

async function ciFiles(repo: DoctorRepo): Promise<string[]> {
  const root = new Set((await repo.list('')).map(({ name }) => name));
  const present = CI_FILES.filter((file) => root.has(file.split('/')[0] ?? ''));
  if (!root.has('.github')) return present;
  const folder = '.github/workflows';
  const workflows = (await repo.list(folder)).filter(
    ({ name, kind }) => kind === 'file' && /\.ya?ml$/.test(name),
  );
  return [...workflows.map(({ name }) => `${folder}/${name}`), ...present];
}
