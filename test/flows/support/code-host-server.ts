import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { isJsonObject } from '../../../src/foundation/json.ts';

/** As both tell whose a comment is. */
const authors = {
  job: { id: 1, login: 'github-actions[bot]', type: 'Bot' },
  mallory: { id: 2, login: 'mallory', type: 'User' },
  'a bot of others': { id: 3, login: 'another-app[bot]', type: 'Bot' },
};

export interface Comment {
  readonly id: number;
  body: string;
  /** Whose it is; with the right to write, a job's token can change those of others too. */
  readonly author: keyof typeof authors;
}

/** The comments of one pull request, under the paths of GitHub and of GitLab. */
export class CodeHostServer {
  readonly comments: Comment[] = [];
  /** The tokens that came with requests. */
  readonly tokens = new Set<string>();
  /** Lists answer with more than any list of comments is. */
  isFlooding = false;
  /** As whom GitHub knows the token of a job; undefined where it tells nothing. */
  viewer: keyof typeof authors | undefined = 'job';
  readonly #server: Server;
  #port = 0;

  constructor() {
    this.#server = createServer(async (request, answer) => {
      const { authorization, 'private-token': token } = request.headers;
      this.tokens.add(authorization ?? String(token));
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const send = (status: number, body: unknown) => answer.writeHead(status).end(JSON.stringify(body));
      const content: unknown = JSON.parse((await text(request)) || '{}');
      const body = isJsonObject(content) && typeof content.body === 'string' ? content.body : '';
      const one = /\/(?:comments|notes)\/(\d+)$/.exec(pathname)?.[1];
      if (one !== undefined) {
        const found = this.comments.find(({ id }) => id === Number(one));
        if (!found) return send(404, { message: 'not found' });
        found.body = body;
        return send(200, found);
      }
      // GitHub refuses this to the token of a job.
      if (pathname.endsWith('/user')) return token === undefined ? send(403, {}) : send(200, { id: 1 });
      if (pathname.endsWith('/graphql')) {
        const isAsked = isJsonObject(content) && String(content.query).includes('viewer');
        if (!isAsked || this.viewer === undefined) return send(403, { message: 'not accessible' });
        return send(200, { data: { viewer: { login: authors[this.viewer].login } } });
      }
      if (request.method === 'GET' && this.isFlooding) {
        const comment = { id: 1, body: 'x'.repeat(66 * 1024 * 1024), user: { id: 1 }, author: { id: 1 } };
        return send(200, [comment]);
      }
      if (request.method === 'GET') {
        const [page, size] = [Number(searchParams.get('page')), Number(searchParams.get('per_page'))];
        return send(200, this.comments.slice((page - 1) * size, page * size).map(shown));
      }
      this.comments.push({ id: this.comments.length + 1, body, author: this.viewer ?? 'job' });
      return send(201, {});
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function shown({ author, body, id }: Comment) {
  return { id, body, user: authors[author], author: authors[author] };
}
