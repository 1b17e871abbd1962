import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { type PullRequest, pullRequestOf } from './code-host.ts';
import { exitCodeHelp, explain, UsageError } from './exit.ts';
import { talk } from './talk.ts';

interface CommentFlags {
  readonly name: string;
}

const help = `
Examples:
  In a job of GitHub or GitLab, on a pull or merge request:
    dialops plan company/ -o markdown > plan.md
    dialops comment plan.md

Environment:
  GitHub: GITHUB_TOKEN with the right to write pull requests; the rest is there in every job.
  GitLab: DIALOPS_GITLAB_TOKEN, a project access token with the scope api; the rest is there in every job.`;

export function commentCommand(): Command {
  return new Command('comment')
    .description(
      'Puts a file of Markdown on the pull request that the CI job is about. A comment that it made before ' +
        'is replaced, so that there is always one, and the last.',
    )
    .argument('<file>', 'Markdown; - is the standard input')
    .addOption(new Option('--name <name>', 'tells several comments apart').default('plan'))
    .addHelpText('after', `${help}\n${exitCodeHelp}`)
    .action(comment);
}

async function comment(file: string, { name }: CommentFlags): Promise<void> {
  if (!/^[a-z0-9-]{1,40}$/.test(name))
    throw new UsageError(`--name ${name}: small letters, digits and - only`);
  const pullRequest = await pullRequestOf(process.env);
  const content = file === '-' ? await readAll(process.stdin) : await read(file);
  await putComment(pullRequest, `<!-- dialops:${name} -->\n${content}`);
  talk(`Commented on ${pullRequest.name}.`);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${explain(error)}`);
  }
}

/** Anybody may write a comment with our mark in it. */
async function putComment(pullRequest: PullRequest, body: string): Promise<void> {
  const [mark = ''] = body.split('\n', 1);
  for await (const { id, body: found } of pullRequest.ownComments()) {
    if (found.startsWith(mark) && (found === body || (await pullRequest.replace(id, body)))) return;
  }
  await pullRequest.add(body);
}
