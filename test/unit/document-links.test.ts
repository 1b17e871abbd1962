import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import Slugger from 'github-slugger';
import { lexer, type Token, walkTokens } from 'marked';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const documents = globSync('**/*.md', {
  cwd: root,
  exclude: (name) => ['node_modules', '.git', '.tmp', 'dist', 'golden'].includes(name),
});

interface Outline {
  readonly links: readonly string[];
  /** Where a link may lead to, as GitHub names headings. */
  readonly anchors: ReadonlySet<string>;
}

const outlines = new Map<string, Outline>();

function outlineOf(file: string): Outline {
  const known = outlines.get(file);
  if (known) return known;
  const links: string[] = [];
  const anchors = new Set<string>();
  const slugger = new Slugger();
  for (const token of allTokens(lexer(readFileSync(file, 'utf8')))) {
    if (token.type === 'heading') anchors.add(slugger.slug(plain(token.tokens ?? [])));
    if ((token.type === 'link' || token.type === 'image') && typeof token.href === 'string') {
      links.push(token.href);
    }
  }
  const outline = { links, anchors };
  outlines.set(file, outline);
  return outline;
}

function allTokens(tokens: readonly Token[]): Token[] {
  const all: Token[] = [];
  // The promises are those of its callback, which makes none.
  void walkTokens([...tokens], (token) => {
    all.push(token);
  });
  return all;
}

function plain(tokens: readonly Token[]): string {
  return tokens
    .map((token) =>
      'tokens' in token && token.tokens ? plain(token.tokens) : 'text' in token ? token.text : '',
    )
    .join('');
}

/** Why a link leads nowhere, if it does. Addresses of other hosts are not asked. */
function faultOf(link: string, from: string): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(link)) return undefined;
  const [path = '', anchor] = link.split('#', 2);
  const file = path === '' ? from : join(dirname(from), decodeURIComponent(path));
  if (!existsSync(file)) return `${link}: there is no ${relative(root, file)}`;
  if (anchor === undefined || !file.endsWith('.md')) return undefined;
  return outlineOf(file).anchors.has(anchor) ? undefined : `${link}: there is no such heading`;
}

describe('the documents', () => {
  it('are found', () => {
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'docs/architecture.md']));
  });

  it.each(documents)('%s: every link leads somewhere', (document) => {
    const file = join(root, document);
    const faults = outlineOf(file).links.flatMap((link) => faultOf(link, file) ?? []);
    expect(faults).toEqual([]);
  });
});
