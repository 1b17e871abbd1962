import { readFile } from 'node:fs/promises';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';
import { readBody } from '../phonesystem/answer-body.ts';
import { UsageError } from './exit.ts';

/** A pull request of GitHub or a merge request of GitLab, as a job in its CI sees it. */
export interface PullRequest {
  /** `acme/phones#12` */
  readonly name: string;
  /** Those that the token's owner has written: what others wrote, they can change again. */
  ownComments(): AsyncIterable<{ readonly id: string; readonly body: string }>;
  /** False when it can't be changed. */
  replace(id: string, body: string): Promise<boolean>;
  add(body: string): Promise<void>;
}

/** @throws UsageError when the environment is not that of a job about a pull request */
export async function pullRequestOf(env: NodeJS.ProcessEnv): Promise<PullRequest> {
  if (env.GITHUB_ACTIONS === 'true') return await onGithub(env);
  if (env.GITLAB_CI === 'true') return onGitlab(env);
  throw new UsageError('This is no job of GitHub (GITHUB_ACTIONS) or GitLab (GITLAB_CI): nowhere to comment');
}

async function onGithub(env: NodeJS.ProcessEnv): Promise<PullRequest> {
  const repository = needed(env, 'GITHUB_REPOSITORY');
  const event: unknown = JSON.parse(await readFile(needed(env, 'GITHUB_EVENT_PATH'), 'utf8'));
  const pullRequest = isJsonObject(event) ? event.pull_request : undefined;
  const number = isJsonObject(pullRequest) ? pullRequest.number : undefined;
  if (typeof number !== 'number') throw new UsageError('This job of GitHub is not about a pull request');
  const api = needed(env, 'GITHUB_API_URL');
  const base = `${api}/repos/${repository}/issues`;
  const headers = {
    authorization: `Bearer ${needed(env, 'GITHUB_TOKEN')}`,
    accept: 'application/vnd.github+json',
  };
  return requests(`${repository}#${number}`, {
    headers,
    // REST tells it to people only, GraphQL also to the token of a job or of an app.
    whoAmI: {
      method: 'POST',
      url: env.GITHUB_GRAPHQL_URL ?? `${api}/graphql`,
      content: { query: '{ viewer { login } }' },
    },
    isOwn: ({ user }, me) => isJsonObject(user) && user.login === viewerIn(me),
    list: `${base}/${number}/comments`,
    one: (id) => `${base}/comments/${id}`,
    replaceBy: 'PATCH',
  });
}

/** Where nobody says, it is the token that GitHub gives to each job. */
function viewerIn(answer: JsonObject | undefined): string {
  const data = answer?.data;
  const viewer = isJsonObject(data) ? data.viewer : undefined;
  const login = isJsonObject(viewer) ? viewer.login : undefined;
  return typeof login === 'string' ? login : 'github-actions[bot]';
}

function onGitlab(env: NodeJS.ProcessEnv): PullRequest {
  const request = env.CI_MERGE_REQUEST_IID;
  if (request === undefined) throw new UsageError('This job of GitLab is not about a merge request');
  const project = encodeURIComponent(needed(env, 'CI_PROJECT_ID'));
  const api = needed(env, 'CI_API_V4_URL');
  const list = `${api}/projects/${project}/merge_requests/${request}/notes`;
  return requests(`${env.CI_PROJECT_PATH ?? project}!${request}`, {
    headers: { 'private-token': needed(env, 'DIALOPS_GITLAB_TOKEN') },
    whoAmI: { method: 'GET', url: `${api}/user` },
    isOwn: ({ author }, me) => me !== undefined && isJsonObject(author) && author.id === me.id,
    list,
    one: (id) => `${list}/${id}`,
    replaceBy: 'PUT',
  });
}

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value === undefined || value === '')
    throw new UsageError(`${name} is not set: see dialops comment --help`);
  return value;
}

interface Api {
  readonly headers: Readonly<Record<string, string>>;
  /** Tells whose the token is. */
  readonly whoAmI: { readonly method: 'GET' | 'POST'; readonly url: string; readonly content?: JsonObject };
  /** @param me what `whoAmI` answered; undefined where the token may not ask */
  readonly isOwn: (comment: JsonObject, me: JsonObject | undefined) => boolean;
  readonly list: string;
  readonly one: (id: string) => string;
  readonly replaceBy: 'PATCH' | 'PUT';
}

const timeoutMs = 30_000;
const perPage = 100;
/** Beyond so many comments nobody reads ours any more. */
const mostPages = 50;
/** A page of the longest comments that there may be, in bytes. */
const largestAnswer = 64 * 1024 * 1024;

function requests(name: string, { headers, isOwn, list, one, replaceBy, whoAmI }: Api): PullRequest {
  const call = async (method: string, url: string, content?: JsonObject) => {
    const answer = await fetch(url, {
      method,
      headers: { ...headers, 'user-agent': 'dialops', 'content-type': 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      ...(content === undefined ? {} : { body: JSON.stringify(content) }),
    });
    const found = await readBody(answer, largestAnswer).catch((error: unknown) => {
      throw new Error(`${new URL(url).host}: the comments on ${name} can not be read`, { cause: error });
    });
    return { status: answer.status, text: found };
  };
  const must = async (method: string, url: string, content?: JsonObject) => {
    const { status, text } = await call(method, url, content);
    if (status < 200 || status > 299) {
      const { host } = new URL(url);
      throw new Error(`${host} answered ${status} to ${method} a comment on ${name}: ${text.slice(0, 200)}`);
    }
    return text;
  };
  const owner = async (): Promise<JsonObject | undefined> => {
    const { status, text } = await call(whoAmI.method, whoAmI.url, whoAmI.content);
    const found: Json = status === 200 ? JSON.parse(text) : null;
    return isJsonObject(found) ? found : undefined;
  };
  return {
    name,
    async *ownComments() {
      const me = await owner();
      for (let page = 1; page <= mostPages; page++) {
        const rows: Json = JSON.parse(await must('GET', `${list}?per_page=${perPage}&page=${page}`));
        if (!isJsonArray(rows)) return;
        for (const row of rows) {
          if (
            isJsonObject(row) &&
            isOwn(row, me) &&
            typeof row.id === 'number' &&
            typeof row.body === 'string'
          ) {
            yield { id: String(row.id), body: row.body };
          }
        }
        if (rows.length < perPage) return;
      }
    },
    async replace(id, body) {
      const { status } = await call(replaceBy, one(id), { body });
      return status >= 200 && status <= 299;
    },
    async add(body) {
      await must('POST', list, { body });
    },
  };
}
