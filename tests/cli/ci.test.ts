/** What `bgsync ci` writes for GitHub and GitLab. That its steps run is `npm run test:pack`. */
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { appIn, testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { readTree } from '../helpers/tree.ts';

const GITHUB = '.github/workflows/bgsync.yml';
const GITLAB = '.gitlab/bgsync.yml';

function committedApp(): TestApp {
  const app = testApp();
  app.commit();
  return app;
}

/** An app below the top of its repository, in a folder whose name is hard to quote. */
function appBelow(name: string): { top: TestApp; app: TestApp } {
  const whole = testApp();
  mkdirSync(join(whole.root, 'repo'));
  const top = appIn(join(whole.root, 'repo'));
  mkdirSync(join(top.root, 'apps', name), { recursive: true });
  const folder = join(top.root, 'apps', name);
  for (const path of ['package.json', 'app.json', 'index.js', 'App.tsx', 'ios', 'android']) {
    renameSync(join(whole.root, path), join(folder, path));
  }
  top.commit();
  return { top, app: appIn(folder) };
}

interface Workflow {
  jobs: { doctor: { defaults?: { run: Record<string, string> }; steps: { run?: string }[] } };
}

describe('install', () => {
  test('writes a workflow that is YAML, once; remove leaves no trace', () => {
    const app = committedApp();
    const before = readTree(app.root);
    expect(app.run('ci', 'install', '--yes')).toMatchObject({ code: 0, stderr: '' });
    const { jobs } = parse(app.read(GITHUB)) as Workflow;
    expect(jobs.doctor.steps.at(-1)?.run).toMatch(/^npx --yes bgsync@\S+ doctor --format github$/);
    expect(jobs.doctor.defaults).toBeUndefined();
    expect(app.run('ci', 'install').stdout).toBe('Nothing to do.\n');
    expect(app.run('ci', 'remove', '--yes').code).toBe(0);
    expect(readTree(app.root)).toEqual(before);
  });

  test('asks, and only shows with --dry-run', () => {
    const app = committedApp();
    const before = readTree(app.root);
    expect(app.run('ci', 'install').code).toBe(2);
    expect(app.run('ci', 'install', '--dry-run').stdout).toContain(GITHUB);
    expect(readTree(app.root)).toEqual(before);
  });

  test.each(["it's", 'a b', '${{ github.token }}', 'ünï "c"'])(
    'in a repository of several apps it names the app’s folder: %s',
    (name) => {
      const { top, app } = appBelow(name);
      expect(app.run('ci', 'install', '--yes').stdout).toContain('Done');
      const [path = ''] = Object.keys(Object.fromEntries(readTree(join(top.root, '.github'))));
      const { jobs } = parse(top.read(`.github/${path}`)) as Workflow;
      const folder = jobs.doctor.defaults?.run['working-directory'] ?? '';
      // What GitHub makes of it: https://docs.github.com/actions/reference/workflows-and-actions/expressions#literals
      expect(folder.replaceAll("${{ '${{' }}", '${{')).toBe(`apps/${name}`);
      expect(folder.replaceAll("${{ '${{' }}", '')).not.toContain('${{');
    },
  );

  test('leaves a workflow that its owner changed, and renews one that is as an older bgsync wrote it', () => {
    const app = committedApp();
    app.run('ci', 'install', '--yes');
    const written = app.read(GITHUB);
    app.write(GITHUB, written.replaceAll('\n', '\r\n'));
    expect(app.run('ci', 'install').stdout).toBe('Nothing to do.\n');
    // Its own hash, as an older bgsync wrote it with the version of then.
    const [marker = '', ...lines] = written.split('\n');
    const older = lines.join('\n').replace(/bgsync@\S+/, 'bgsync@0.0.1');
    const hash = createHash('sha256').update(older).digest('hex').slice(0, 16);
    app.write(GITHUB, `${marker.replace(/[0-9a-f]{16}$/, hash)}\n${older}`);
    expect(app.run('ci', 'install', '--yes').stdout).toContain('Done');
    expect(app.read(GITHUB)).toBe(written);
    app.write(GITHUB, written.replace('22', '24'));
    expect(app.run('ci', 'install').stdout).toContain('kept');
    expect(app.run('ci', 'remove')).toMatchObject({ code: 3 });
    expect(app.read(GITHUB)).toContain('24');
  });

  test('outside of a repository it says so', () => {
    const app = testApp();
    const { code, stderr } = app.run('ci', 'install', '--yes');
    expect(code).toBe(2);
    expect(stderr).toContain('git init');
  });
});

describe('install --gitlab', () => {
  test('writes the job, and the file that includes it; remove leaves no trace', () => {
    const app = committedApp();
    const before = readTree(app.root);
    expect(app.run('ci', 'install', '--gitlab', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(parse(app.read('.gitlab-ci.yml'))).toEqual({ include: [{ local: GITLAB }] });
    const { bgsync } = parse(app.read(GITLAB)) as { bgsync: { script: string[] } };
    expect(bgsync.script).toHaveLength(1);
    expect(app.run('ci', 'remove', '--yes').code).toBe(0);
    expect(readTree(app.root)).toEqual(before);
  });

  test('leaves a .gitlab-ci.yml that is there to its owner, both ways', () => {
    const app = committedApp();
    app.write('.gitlab-ci.yml', 'test:\n  script: [make]\n');
    const { code, stdout } = app.run('ci', 'install', '--gitlab', '--yes');
    expect(code).toBe(3);
    expect(stdout).toContain(`- local: "${GITLAB}"`);
    app.write('.gitlab-ci.yml', `include: ${GITLAB}\n`);
    expect(app.run('ci', 'install', '--gitlab')).toMatchObject({ code: 0 });
    expect(app.run('ci', 'remove', '--yes')).toMatchObject({ code: 3 });
    expect(app.read('.gitlab-ci.yml')).toContain(GITLAB);
  });
});

describe('bgsync remove', () => {
  test('takes the workflow with it', () => {
    const app = committedApp();
    const before = readTree(app.root);
    app.init();
    app.run('ci', 'install', '--yes');
    expect(app.run('remove', '--force', '--yes')).toMatchObject({ code: 0 });
    expect(readTree(app.root)).toEqual(before);
  });

  test('names one outside of the app', () => {
    const { top, app } = appBelow('mobile');
    app.init();
    app.run('ci', 'install', '--yes');
    const { code, stdout } = app.run('remove', '--force', '--yes');
    expect(code).toBe(3);
    expect(stdout).toContain('../../.github/workflows/bgsync-apps-mobile.yml');
    expect(top.read('.github/workflows/bgsync-apps-mobile.yml')).not.toBe('');
  });
});
