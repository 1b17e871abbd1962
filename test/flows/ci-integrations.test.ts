import { cp, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CodeHostServer } from './support/code-host-server.ts';
import { dialops, launcher } from './support/command.ts';
import { bash, runAction } from './support/github-action.ts';
import { examples, Workshop, workshopKey } from './support/workshop.ts';

const root = new URL('../../', import.meta.url).pathname;

let workshop: Workshop;
let folder = '';
let endpoint = '';
let host = new CodeHostServer();

beforeAll(async () => {
  workshop = await Workshop.open();
  ({ endpoint, folder } = workshop);
  await symlink(launcher, join(folder, 'dialops'));
  for (const part of ['phone-system.yaml', 'people/riverside.yaml']) {
    await cp(join(examples, 'acme', part), join(folder, 'company', basename(part)));
  }
  await writeFile(
    join(folder, 'bad.yaml'),
    (await readFile(join(folder, 'company', 'riverside.yaml'), 'utf8')).replace('firstName', 'fristName'),
  );
});

beforeEach(async () => {
  host.stop();
  host = new CodeHostServer();
  await host.start();
});

afterAll(async () => {
  host.stop();
  await workshop.close();
});

/** A pull request from this repository or a fork. */
function pullRequest(from: string) {
  return {
    repository: 'acme/phones',
    token: 'a-token-of-the-job',
    event_name: 'pull_request',
    event: { pull_request: { number: 12, head: { repo: { full_name: from } } } },
  };
}

describe('the action for GitHub', () => {
  /** A job of a workflow that uses the action. */
  function job(github: Readonly<Record<string, unknown>>, inputs: Readonly<Record<string, string>> = {}) {
    const given = { paths: join(folder, 'company'), endpoint, 'api-key': workshopKey, ...inputs };
    return runAction(
      join(root, 'integrations/github'),
      { github, inputs: given },
      {
        temp: folder,
        // The checkout is installed already.
        passedOver: ['Install dialops'],
        env: {
          PATH: process.env.PATH,
          XDG_CONFIG_HOME: folder,
          GITHUB_ACTIONS: 'true',
          GITHUB_API_URL: host.url,
          GITHUB_GRAPHQL_URL: `${host.url}/graphql`,
          GITHUB_REPOSITORY: 'acme/phones',
        },
      },
    );
  }

  it('validates, plans and comments on a pull request of the repository, and keeps to one comment', async () => {
    host.comments.push({ id: 1, body: '<!-- dialops:plan -->\nI only look like it', author: 'mallory' });
    const first = await job(pullRequest('acme/phones'));
    expect(first, first.output).toMatchObject({
      ran: ['Validate', 'Comment on the validation', 'Plan', 'Comment on the plan'],
      failed: false,
    });
    expect(first.summary).toContain('### dialops plan: phone system `default`');
    await job(pullRequest('acme/phones'), { 'plan-arguments': '--prune' });
    expect(host.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining('I only look like it'),
      expect.stringMatching(/^<!-- dialops:validation -->\n### dialops validate\n.* checked: 0 errors, /s),
      expect.stringMatching(/^<!-- dialops:plan -->\n### dialops plan: phone system `default`\n/),
    ]);
    expect([...host.tokens]).toEqual(['Bearer a-token-of-the-job']);
  });

  it('validates alone on a pull request of a fork, and without a key', async () => {
    expect(await job(pullRequest('mallory/phones'))).toMatchObject({ ran: ['Validate'], failed: false });
    expect(await job(pullRequest('acme/phones'), { 'api-key': '' })).toMatchObject({
      ran: ['Validate', 'Comment on the validation'],
    });
    expect(host.comments).toHaveLength(1);
  });

  it('plans on a push too, where there is nothing to comment on', async () => {
    const push = { repository: 'acme/phones', token: 'x', event_name: 'push', event: {} };
    expect((await job(push)).ran).toEqual(['Validate', 'Plan']);
  });

  it.each(['workflow_run', 'issue_comment'])(
    'only validates at %s, which may be about the files of a fork',
    async (event_name) => {
      const { ran } = await job({ repository: 'acme/phones', token: 'x', event_name, event: {} });
      expect(ran).toEqual(['Validate']);
    },
  );

  it('leaves patterns to dialops: a name of a file is never an option', async () => {
    const company = join(folder, 'odd');
    for (const name of ['jane.yaml', '--show-values.yaml']) {
      await cp(join(folder, 'company', 'riverside.yaml'), join(company, name));
    }
    const { output } = await job(pullRequest('mallory/phones'), { paths: `${company}/*.yaml` });
    expect(output).toMatch(/duplicate|declared twice|both/i);
    expect(output).not.toContain('unknown option');
  });

  it('ends at a fault in the files, and shows it beside its line', async () => {
    const { failed, output, ran } = await job(pullRequest('acme/phones'), {
      paths: join(folder, 'bad.yaml'),
    });
    expect({ failed, ran }).toEqual({
      failed: true,
      ran: ['Validate', 'Comment on the validation', 'Fail where the files have faults'],
    });
    expect(host.comments[0]?.body).toMatch(/\| `.*bad\.yaml:\d+` \| \*\*error\*\* `spec\.fristName`: /);
    expect(output).toMatch(/::error .*file=.*bad\.yaml,line=\d+/);
  });

  it('fails when nothing could be planned, and sends the key to no host of the files', async () => {
    const away = await job(pullRequest('acme/phones'), { endpoint: 'https://phones.example.com/api' });
    expect(away).toMatchObject({ failed: true, ran: ['Validate', 'Comment on the validation', 'Plan'] });
    expect(away.output).toContain('Nothing was sent to phones.example.com');
    expect(away.output).not.toContain(workshopKey);
  });
});

describe('the template for GitLab', () => {
  const template = join(root, 'integrations/gitlab/dialops.gitlab-ci.yml');

  /** The jobs that GitLab would run for these variables. */
  async function jobsFor(variables: Readonly<Record<string, string>>): Promise<string[]> {
    const project = await mkdtemp(join(folder, 'project-'));
    await cp(template, join(project, '.gitlab-ci.yml'));
    const all = { CI_PIPELINE_SOURCE: 'merge_request_event', CI_PROJECT_ID: '7', ...variables };
    const flags = Object.entries(all).map(([name, value]) => `--variable ${name}=${value}`);
    const ignored = `--ignore-predefined-vars ${Object.keys(all).join(',')}`;
    const script = `cd ${project}; git init -q .; git remote add origin git@gitlab.example.com:acme/phones.git
      git add .; git -c user.name=x -c user.email=x@example.com commit -qm x
      ${root}node_modules/.bin/gitlab-ci-local --list-json ${ignored} ${flags.join(' ')} 2>/dev/null`;
    const { output } = await bash(script, { PATH: process.env.PATH, HOME: folder });
    const jobs: { name: string; when: string }[] = JSON.parse(output.slice(output.indexOf('[')));
    return jobs.flatMap(({ name, when }) => (when === 'never' ? [] : [name]));
  }

  it('plans on branches of the project with a key, and only validates otherwise', async () => {
    const trusted = { CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '7', DIALOPS_API_KEY: 'x' };
    expect(await jobsFor(trusted)).toEqual(['dialops-validate', 'dialops-plan']);
    expect(await jobsFor({ ...trusted, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '8' })).toEqual([
      'dialops-validate',
    ]);
    expect(await jobsFor({ CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '7' })).toEqual(['dialops-validate']);
    expect(await jobsFor({ ...trusted, CI_PIPELINE_SOURCE: 'push' })).toEqual([]);
  });

  it('runs its scripts: the merge request gets the plan, and keeps to one comment', async () => {
    const jobs: Record<string, { script: string[] }> = parse(await readFile(template, 'utf8'));
    const run = async (job: string, paths: string) => {
      const workspace = await mkdtemp(join(folder, 'job-'));
      return bash(`cd ${workspace}\n${(jobs[job]?.script ?? []).join('\n')}`, {
        PATH: `${folder}:${process.env.PATH}`,
        XDG_CONFIG_HOME: folder,
        DIALOPS_PATHS: paths,
        DIALOPS_ENDPOINT: endpoint,
        DIALOPS_API_KEY: workshopKey,
        DIALOPS_GITLAB_TOKEN: 'a-token-of-the-project',
        GITLAB_CI: 'true',
        CI_API_V4_URL: `${host.url}/api/v4`,
        CI_PROJECT_ID: '7',
        CI_MERGE_REQUEST_IID: '12',
      });
    };
    host.comments.push({ id: 1, body: '<!-- dialops:plan -->\nI only look like it', author: 'mallory' });
    expect(await run('dialops-validate', join(folder, 'company'))).toMatchObject({ code: 0 });
    expect(await run('dialops-validate', join(folder, 'bad.yaml'))).toMatchObject({ code: 1 });
    expect(await run('dialops-plan', join(folder, 'company'))).toMatchObject({ code: 0 });
    expect(await run('dialops-plan', join(folder, 'company'))).toMatchObject({ code: 0 });
    expect(host.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining('I only look like it'),
      expect.stringMatching(/^<!-- dialops:validation -->\n/),
      expect.stringMatching(/^<!-- dialops:plan -->\n### dialops plan: phone system `default`\n/),
    ]);
    expect([...host.tokens]).toEqual(['a-token-of-the-project']);
  });

  it('runs no install script of what it installs, and lets no file name be an option', async () => {
    const jobs: Record<string, { before_script?: string[]; script?: string[] }> = parse(
      await readFile(template, 'utf8'),
    );
    const stub = await mkdtemp(join(folder, 'npm-'));
    await writeFile(join(stub, 'npm'), '#!/bin/sh\necho "npm $*"\n', { mode: 0o755 });
    const setUp = (jobs['.dialops']?.before_script ?? []).join('\n');
    const { output } = await bash(`${setUp}\necho "patterns: $-"`, {
      PATH: `${stub}:${process.env.PATH}`,
      DIALOPS_PACKAGE: 'dialops',
    });
    expect(output).toMatch(/^npm install .*--ignore-scripts.* dialops$/m);
    expect(output).toMatch(/^patterns: .*f/m);
  });
});

describe('the hook for pre-commit', () => {
  it('is a command that passes good files and stops at a bad one', async () => {
    const [hook]: { entry: string; args: string[]; files: string }[] = parse(
      await readFile(join(root, '.pre-commit-hooks.yaml'), 'utf8'),
    );
    expect('people/riverside.yaml').toMatch(new RegExp(hook?.files ?? '^$'));
    const run = (at: string) =>
      bash(`cd ${at} && ${hook?.entry} ${hook?.args.join(' ')}`, { PATH: `${folder}:${process.env.PATH}` });
    expect(await run(join(folder, 'company'))).toMatchObject({ code: 0 });
    const { code, output } = await run(folder);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('bad.yaml:') });
  });
});

describe('dialops comment', () => {
  it('says what is missing outside of a job about a pull request', async () => {
    await writeFile(join(folder, 'plan.md'), 'a plan');
    const comment = (env: NodeJS.ProcessEnv) =>
      dialops(['comment', join(folder, 'plan.md')], { GITHUB_ACTIONS: '', GITLAB_CI: '', ...env });
    expect(await comment({})).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('no job of GitHub'),
    });
    expect(await comment({ GITLAB_CI: 'true', CI_MERGE_REQUEST_IID: '1' })).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('CI_PROJECT_ID is not set'),
    });
  });

  it.each([
    ['the token of the job', 'job', 'job'],
    ['an app', 'a bot of others', 'a bot of others'],
    ['nobody knows whom', undefined, 'job'],
  ] as const)(
    'replaces on GitHub what it wrote itself, as %s, and no comment of another bot',
    async (_as, viewer, own) => {
      await writeFile(join(folder, 'plan.md'), 'a plan');
      await writeFile(join(folder, 'event.json'), JSON.stringify({ pull_request: { number: 12 } }));
      host.viewer = viewer;
      for (const [index, author] of (['mallory', 'a bot of others', 'job'] as const).entries()) {
        host.comments.push({ id: index + 1, body: '<!-- dialops:plan -->\nbefore', author });
      }
      const { code } = await dialops(['comment', join(folder, 'plan.md')], {
        GITHUB_ACTIONS: 'true',
        GITHUB_API_URL: host.url,
        GITHUB_GRAPHQL_URL: `${host.url}/graphql`,
        GITHUB_EVENT_PATH: join(folder, 'event.json'),
        GITHUB_REPOSITORY: 'acme/phones',
        GITHUB_TOKEN: 'a-token-of-the-job',
      });
      expect(code).toBe(0);
      const replaced = host.comments.filter(({ body }) => body.endsWith('a plan'));
      expect(replaced.map(({ author, id }) => ({ author, isNew: id > 3 }))).toEqual([
        { author: own, isNew: false },
      ]);
    },
  );

  it('reads no answer of a code host that is larger than comments are', async () => {
    await writeFile(join(folder, 'plan.md'), 'a plan');
    host.isFlooding = true;
    const { code, stderr } = await dialops(['comment', join(folder, 'plan.md')], {
      GITHUB_ACTIONS: '',
      GITLAB_CI: 'true',
      CI_API_V4_URL: `${host.url}/api/v4`,
      CI_PROJECT_ID: '7',
      CI_MERGE_REQUEST_IID: '12',
      DIALOPS_GITLAB_TOKEN: 'a-token-of-the-project',
    }).finally(() => {
      host.isFlooding = false;
    });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/can not be read: The answer has more than 67108864 bytes/),
    });
  });
});
