import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DriftRun } from '../../src/report/drift/drift-history.ts';
import { driftHtml } from '../../src/report/drift/drift-html.ts';
import { type DriftReport, driftReportFormat } from '../../src/report/drift/drift-report.ts';
import { launchChromium } from './support/chromium.ts';

const attack = `<script>document.title='owned'</script><img src=x onerror="document.title='owned'">"'\`</pre>`;
const person = (name: string, account: string): DriftReport['resources'][number] => ({
  resource: `UserProfile ${name}`,
  namespace: 'acme',
  state: 'Drifted',
  place: { file: 'people/office.yaml', line: 12, column: 3 },
  fields: [{ field: 'spec.jobTitle', path: 'directoryInfo.jobTitle', declared: 'Engineer', account }],
  author: { state: 'Known', actor: `culprit ${attack}`, at: '2026-01-05T08:59:00Z' },
});
const report: DriftReport = {
  format: driftReportFormat,
  phoneSystem: 'default',
  time: '2026-01-05T09:00:00.000Z',
  summary: { managed: 40, drifted: 2, missing: 1, unmanaged: 1, unknown: 1, notApplied: 1 },
  resources: [
    person('jane', 'Pirate'),
    person('joan', attack),
    {
      resource: 'Extension lobby',
      namespace: 'acme',
      state: 'Missing',
      fields: [],
      author: { state: 'NotRecorded' },
    },
  ],
  notApplied: [{ resource: 'UserProfile omar', action: 'Update', fields: ['spec.department'] }],
  unmanaged: [{ type: 'user', id: 'u-9', name: `ghost@example.com${attack}` }],
  unknown: [{ what: 'administrators', why: 'the key lacks a right' }],
  patches: [
    { file: 'people/office.yaml', diff: `--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-a: 1\n+a: ${attack}\n` },
  ],
  notAcceptable: [{ resource: 'Extension lobby', why: 'the account has it no longer' }],
};
const earlier: DriftRun[] = [
  { time: '2026-01-03T09:00:00.000Z', summary: { drifted: 0, missing: 0, unmanaged: 1, unknown: 0 } },
  { time: '2026-01-04T09:00:00.000Z', summary: { drifted: 5, missing: 0, unmanaged: 1, unknown: 0 } },
];

let browser: Browser;
let page: Page;
let folder = '';
const requests: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dialops-html-'));
  const file = join(folder, 'drift.html');
  await writeFile(file, driftHtml(report, earlier));
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(pathToFileURL(file).href);
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Headings of what can be seen. */
async function visible(): Promise<string[]> {
  const headings = await page.locator('.item:visible h3').allTextContents();
  return headings.map((text) => text.split('<')[0] ?? '');
}

const everything = [
  'UserProfile jane',
  'UserProfile joan',
  'Extension lobby',
  'administrators',
  'ghost@example.com',
  'UserProfile omar',
];

describe('the page of a drift report in a Chromium', () => {
  it('shows all of it, asks nobody for anything, and runs no script but its own', async () => {
    expect(await visible()).toEqual(everything);
    expect(await page.title()).toBe('Drift of phone system default');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(1);
    expect(requests).toHaveLength(1);
    expect(complaints).toEqual([]);
    expect(await page.locator('.item', { hasText: 'joan' }).locator('dd').textContent()).toBe(
      `Engineer → ${attack}`,
    );
    expect(await page.locator('pre').textContent()).toContain(`\n+a: ${attack}`);
  });

  it('has a policy that would stop a script that got in', async () => {
    const ran = await page.evaluate<boolean>(`(() => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
      return window.ran === true;
    })()`);
    expect(ran).toBe(false);
    const got = await page.evaluate<string>(
      "fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')",
    );
    expect(got).toBe('refused');
    expect(complaints.splice(0).join('\n')).toMatch(/Content Security Policy/);
  });

  it('filters while somebody types, by any word and by state', async () => {
    await page.locator('#filter').pressSequentially('pirate');
    expect(await visible()).toEqual(['UserProfile jane']);
    expect(await page.locator('#count').textContent()).toBe('1 of 6');
    expect(await page.locator('h2:visible').allTextContents()).not.toContain('Not known');
    await page.locator('#filter').fill('userprofile ENGINEER');
    expect(await visible()).toEqual(['UserProfile jane', 'UserProfile joan']);
    await page.locator('#filter').fill('no such word');
    expect(await visible()).toEqual([]);
    await page.locator('#filter').fill('');
    await page.locator('#state').selectOption('Missing');
    expect(await visible()).toEqual(['Extension lobby']);
    await page.locator('#state').selectOption('');
    expect(await visible()).toEqual(everything);
  });

  it('can be read on a phone: nothing is wider than the screen, and what is touched is large enough', async () => {
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(360);
    for (const box of [
      await page.locator('#filter').boundingBox(),
      await page.locator('#state').boundingBox(),
    ]) {
      expect(box?.height).toBeGreaterThanOrEqual(44);
    }
  });

  it('has a chart of the runs, whose columns stand as high as there was drift', async () => {
    const runs = page.locator('#chart .run');
    expect(await runs.count()).toBe(3);
    expect(await runs.nth(1).locator('title').textContent()).toBe(
      '2026-01-04 09:00 UTC: 5 drifted, 0 missing',
    );
    const heightOf = async (run: number, name: string) =>
      Number(await runs.nth(run).locator(`rect.${name}`).getAttribute('height'));
    expect(await runs.nth(0).locator('rect').count()).toBe(0);
    expect(await heightOf(1, 'drifted')).toBeCloseTo((await heightOf(2, 'drifted')) * 2.5, 0);
    expect(await heightOf(2, 'missing')).toBeCloseTo((await heightOf(2, 'drifted')) / 2, 0);
    const colors = await page.evaluate<string[]>(
      "[...document.querySelectorAll('#chart rect')].map((rect) => getComputedStyle(rect).fill)",
    );
    expect(new Set(colors).size).toBe(2);
  });
});
