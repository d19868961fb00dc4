import { createHash } from 'node:crypto';
import { VERSION } from '../version.ts';

/** Where what for one app stands, from the repository's top. */
export interface CiFiles {
  readonly github: string;
  readonly gitlab: string;
}

/** GitLab reads this one alone. */
export const GITLAB_MAIN = '.gitlab-ci.yml';

/** @param app its folder from the repository's top, with `/`; '' where it is the top */
export function ciFiles(app: string): CiFiles {
  const slug = (app.match(/\w+/g) ?? []).join('-');
  const name = slug === '' ? 'bgsync' : `bgsync-${slug}`;
  return { github: `.github/workflows/${name}.yml`, gitlab: `.gitlab/${name}.yml` };
}

const MARKER = /^# Written by `bgsync ci install`, [^\n]*: ([0-9a-f]{16})\n/;
const mark = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** The file says itself whether it is still as it was written: there may be no lock file beside it. */
const marked = (text: string): string =>
  `# Written by \`bgsync ci install\`, which renews it as long as nothing below is changed: ${mark(text)}\n${text}`;

/** Whether a file is as some bgsync wrote it, whatever git did to its line endings. */
export function isAsWritten(text: string): boolean {
  const lines = text.replaceAll('\r\n', '\n');
  const [first = '', hash] = MARKER.exec(lines) ?? [];
  return hash !== undefined && hash === mark(lines.slice(first.length));
}

/** A YAML scalar: each JSON string is one (https://yaml.org/spec/1.2.2/#12-json-compatibility). */
const scalar = (text: string): string => JSON.stringify(text);

/** `doctor` reads the repo's text alone: nothing of the app has to be installed for it. */
const DOCTOR = `npx --yes bgsync@${VERSION} doctor`;

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax */
export function githubWorkflow(app: string): string {
  // Also in a folder's name GitHub would evaluate an expression.
  const folder = scalar(app.replaceAll('${{', "${{ '${{' }}"));
  return marked(
    [
      'name: bgsync',
      'on:',
      '  pull_request:',
      '  push:',
      '    branches: [main, master]',
      'permissions:',
      '  contents: read',
      'jobs:',
      '  doctor:',
      '    runs-on: ubuntu-latest',
      ...(app === ''
        ? []
        : ['    defaults:', '      run:', `        working-directory: ${folder}`]),
      '    steps:',
      '      - uses: actions/checkout@v4',
      '      - uses: actions/setup-node@v4',
      '        with:',
      '          node-version: 22',
      '      - name: What breaks the background sync',
      `        run: ${DOCTOR} --format github`,
      '',
    ].join('\n'),
  );
}

/** https://docs.gitlab.com/ci/yaml/ */
export function gitlabJob(app: string): string {
  const folder = `cd '${app.replaceAll("'", `'\\''`)}'`;
  return marked(
    [
      'bgsync:',
      '  image: node:22',
      '  script:',
      ...(app === '' ? [] : [`    - ${scalar(folder)}`]),
      `    - ${DOCTOR} --format junit > "$CI_PROJECT_DIR/bgsync-doctor.xml"`,
      '  artifacts:',
      '    when: always',
      '    reports:',
      '      junit: bgsync-doctor.xml',
      '',
    ].join('\n'),
  );
}

/** The list that GitLab reads for a job in a file of its own. */
export const gitlabInclude = (file: string): string => `include:\n  - local: ${scalar(file)}\n`;

/** The same as a whole file. */
export const gitlabMain = (file: string): string => marked(gitlabInclude(file));
