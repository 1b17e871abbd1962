import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dialops, killCommands, startDialops } from './support/command.ts';

const examples = new URL('../../examples/acme/', import.meta.url).pathname;
const apiKey = 'a-key-for-this-test';

let folder = '';
let endpoint = '';
let env: NodeJS.ProcessEnv = {};
let letter = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dialops-porting-'));
  await writeFile(join(folder, 'key'), apiKey);
  const sandbox = startDialops([
    'sandbox',
    ...['--listen', '127.0.0.1:0', '--api-key-file', join(folder, 'key'), '--unlimited'],
    ...['--company', join(examples, 'account.json')],
  ]);
  endpoint = await sandbox.says(/endpoint (\S+),/);
  env = { DIALOPS_ENDPOINT: endpoint, DIALOPS_API_KEY: apiKey, XDG_CONFIG_HOME: folder };
  letter = join(folder, 'letter.pdf');
  await writeFile(letter, `%PDF-1.7${' '.repeat(1_500_000)}`);
  await writeFile(join(folder, 'bill.png'), Buffer.from('89504e470d0a1a0a', 'hex'));
  await writeFile(join(folder, 'bill.docx'), 'PK\u0003\u0004');
});

afterAll(async () => {
  killCommands();
  await rm(folder, { recursive: true, force: true });
});

function upload(...args: string[]) {
  return dialops(['porting', 'upload', ...args], env);
}

describe('dialops porting upload', () => {
  it('prints the id as the YAML that names it, which an order then takes', async () => {
    const { code, stderr, stdout } = await upload(letter, '--kind', 'letter-of-authority');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^# \S+letter\.pdf: application\/pdf, 1,500,008 bytes, id \S+\nspec:\n {2}documents:\n/,
    );
    const { spec } = parse(stdout);
    const company = join(folder, 'company');
    await mkdir(company);
    await writeFile(
      join(company, 'phone-system.yaml'),
      await readFile(join(examples, 'phone-system.yaml'), 'utf8'),
    );
    const order = {
      apiVersion: 'dialops.dev/v1alpha1',
      kind: 'PortingOrder',
      metadata: { name: 'desk' },
      spec: { numbers: [{ number: '+12175550190' }], portType: 'Full', ...spec },
    };
    await writeFile(join(company, 'port.yaml'), JSON.stringify(order));
    const applied = await dialops(['apply', company, '--yes'], env);
    expect(applied.stderr).not.toContain('error:');
    expect(applied.code).toBe(0);
    const answer = await fetch(`${endpoint}/porting-orders`, {
      headers: { 'x-api-key': apiKey, accept: '*/*' },
    });
    expect(await answer.json()).toMatchObject({
      data: [
        { status: 'DRAFT', documents: { letterOfAuthority: spec.documents.letterOfAuthority.documentId } },
      ],
    });
  });

  it('gives the same file the same id, also as JSON', async () => {
    const text = await upload(letter, '--kind', 'letter-of-authority');
    const json = await upload(letter, '--kind', 'letter-of-authority', '-o', 'json');
    expect(json).toMatchObject({ code: 0, stderr: '' });
    const { documents, ...rest } = JSON.parse(json.stdout);
    expect(rest).toEqual({ format: 'dialops.dev/porting-upload/v1', dryRun: false });
    expect(documents).toEqual([
      {
        file: letter,
        kind: 'letter-of-authority',
        contentType: 'application/pdf',
        bytes: 1_500_008,
        id: parse(text.stdout).spec.documents.letterOfAuthority.documentId,
        field: 'spec.documents.letterOfAuthority.documentId',
      },
    ]);
  });

  it('sends nothing with --dry-run', async () => {
    const { code, stderr, stdout } = await upload(join(folder, 'bill.png'), '--kind', 'bill', '--dry-run');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Nothing was sent (--dry-run).\n' });
    expect(stdout).toMatch(/^# \S+bill\.png: image\/png, 8 bytes, fit to be sent\n$/);
  });

  it('tells every unfit file before it sends any', async () => {
    const huge = join(folder, 'huge.pdf');
    await writeFile(huge, `%PDF-1.7${' '.repeat(3_000_000)}`);
    const all = await upload(letter, join(folder, 'bill.docx'), huge, join(folder, 'none'), '--kind', 'bill');
    expect({ code: all.code, stdout: all.stdout }).toEqual({ code: 64, stdout: '' });
    expect(all.stderr).toMatch(
      /bill\.docx: is a ZIP archive or an Office document \(4 bytes\); a bill must be PDF/,
    );
    expect(all.stderr).toMatch(
      /huge\.pdf: has 3,000,008 bytes, and at most 3,000,000 bytes are taken: scan it/,
    );
    expect(all.stderr).toMatch(/none: cannot be read: ENOENT/);
    expect(all.stderr).toContain('3 of 4 files are unfit. Nothing was sent');
    const png = join(folder, 'bill.png');
    const tollFree = await upload(png, '--kind', 'letter-of-authority', '--toll-free');
    expect(tollFree).toMatchObject({ code: 64, stderr: expect.stringContaining('must be PDF or TIFF') });
  });

  it('needs to know what the files are, and where the phone system is', async () => {
    expect(await upload(letter)).toMatchObject({ code: 64, stderr: expect.stringContaining('--kind') });
    const { DIALOPS_ENDPOINT: _endpoint, ...elsewhere } = env;
    const lost = await dialops(['porting', 'upload', letter, '--kind', 'bill'], elsewhere);
    expect(lost).toMatchObject({ code: 64, stderr: expect.stringContaining('Give --endpoint') });
    expect(await dialops(['porting'], env)).toMatchObject({ code: 64, stdout: '' });
  });

  it('sends the key to no host that nobody allowed', async () => {
    const stranger = { ...env, DIALOPS_ENDPOINT: 'https://phones.example.com/admin-provisioning' };
    const { code, stderr } = await dialops(['porting', 'upload', letter, '--kind', 'bill'], stranger);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Nothing was sent to phones\.example\.com/);
  });

  it('says where documents go when the endpoint takes none', async () => {
    const published = { ...env, DIALOPS_ENDPOINT: 'https://api.8x8.com/admin-provisioning' };
    const { code, stderr } = await dialops(['porting', 'upload', letter, '--kind', 'bill'], published);
    expect(code).toBe(1);
    expect(stderr).toContain('attach them in Admin Console');
  });

  it('explains itself with examples and exit codes', async () => {
    const { code, stdout } = await upload('--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples:.*dialops porting upload .*Connection:.*Exit codes:/s);
  });
});
