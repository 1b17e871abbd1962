import { describe, expect, it } from 'vitest';
import { Flow } from './support/account.ts';
import { company, port, portSecrets } from './support/resources.ts';
import { statusIn } from './support/status.ts';

const png = '\u0089PNG\r\n\u001a\n';

function uploads(run: Flow): number {
  return run.sent.filter(({ path }) => path === '/porting-documents').length;
}

function creates(run: Flow): number {
  return run.sent.filter(({ method, path }) => method === 'POST' && path === '/porting-orders').length;
}

describe.each([
  ['complete', false],
  ['sparse', true],
])('documents of a port, with %s list rows', (_rows, sparseRows) => {
  /** Of Latin-1 characters, one a byte, as the flow's Secrets are text. */
  function flow(secrets: Record<string, string | Uint8Array>, spec: Parameters<typeof port>[1] = {}): Flow {
    return new Flow({
      resources: [port('desk', spec)],
      company,
      sandbox: { sparseRows },
      secrets: { ...portSecrets, ...secrets },
    });
  }

  it('are looked at before any of them is sent, and a fault names field, Secret, key and way out', async () => {
    const run = flow({ 'port/bill.pdf': 'Dear sir or madam' });
    await run.apply();
    expect(run.failures).toEqual([
      expect.objectContaining({
        reason: 'UnfitDocument',
        field: 'documents.bill',
        permanent: true,
        message:
          'Secret port has in its key bill.pdf something else (17 bytes); a bill must be PDF, TIFF, PNG or JPEG: ' +
          'put one into that key',
      }),
    ]);
    expect([uploads(run), creates(run)]).toEqual([0, 0]);
  });

  it('may have a mebibyte in a Secret; what is larger is uploaded beforehand', async () => {
    const run = flow({ 'port/letter.pdf': `%PDF-1.7${' '.repeat(1_048_576)}` });
    await run.apply();
    expect(run.failures.map(({ field, message }) => `${field}: ${message}`)).toEqual([
      'documents.letterOfAuthority: Secret port has in its key letter.pdf a PDF (1,048,584 bytes); at most 1,048,576 ' +
        'bytes are taken: upload it with `dialops porting upload` and declare its id as documentId',
    ]);
    expect(uploads(run)).toBe(0);
  });

  it('are PDF or TIFF where the letter is for toll-free numbers', async () => {
    const secrets = {
      'port/letter.pdf': Buffer.from(png, 'latin1'),
      'port/bill.pdf': Buffer.from(png, 'latin1'),
    };
    const local = flow(secrets);
    await local.apply();
    expect(local.failures).toEqual([]);
    const tollFree = flow(secrets, { numbers: [{ number: '+18885550177' }] });
    await tollFree.apply();
    expect(tollFree.failures.map(({ field }) => field)).toEqual(['documents.letterOfAuthority']);
  });

  it('that the provider waits for are named, until they are declared', async () => {
    const { letterOfAuthority, bill } = port('desk').spec.documents ?? {};
    const order = (documents: ReturnType<typeof port>['spec']['documents']) =>
      port('desk', { submit: true, ...(documents ? { documents } : {}) });
    const readyIn = (run: Flow) =>
      statusIn(run, port('desk')).conditions?.find(({ type }) => type === 'Ready');
    const run = flow({}, order(letterOfAuthority ? { letterOfAuthority } : {}).spec);
    await run.apply();
    await run.resync();
    expect(readyIn(run)).toMatchObject({
      reason: 'AwaitingDocuments',
      message: expect.stringMatching(
        /^The provider waits for a recent bill; .*Declare spec\.documents\.bill:/,
      ),
    });
    await run.apply([
      order({ ...(letterOfAuthority ? { letterOfAuthority } : {}), ...(bill ? { bill } : {}) }),
    ]);
    await run.resync();
    expect(readyIn(run)?.reason).toBe('InFlight');
  });

  it('hold nothing else of an order up', async () => {
    const run = flow({ 'port/new': 'Dear sir or madam' }, { documents: {} });
    await run.apply();
    await run.apply([
      port('desk', {
        requestedDate: '2026-06-15',
        documents: { bill: { secretRef: { name: 'port', key: 'new' } } },
      }),
    ]);
    expect(run.failures.map(({ field, reason }) => `${field} ${reason}`)).toEqual([
      'documents.bill UnfitDocument',
    ]);
    const order = await run.object('portingOrder', run.externalId(port('desk')));
    expect(order).toMatchObject({ requestedDate: '2026-06-15' });
  });

  it('and account numbers are sent again where a person asks for it, once for each time', async () => {
    const run = flow({});
    await run.apply();
    const sent = () => [uploads(run), run.sent.filter(({ body }) => body.includes('12345678')).length];
    expect(sent()).toEqual([2, 1]);
    const asking = (token?: string) => {
      const order = port('desk');
      const annotations = token === undefined ? {} : { 'dialops.dev/rewrite-secrets': token };
      return [{ ...order, metadata: { ...order.metadata, annotations } }];
    };
    await run.apply(asking('first'));
    expect(sent()).toEqual([4, 2]);
    await run.resync();
    await run.apply(asking());
    expect(sent()).toEqual([4, 2]);
    await run.apply(asking('second'));
    expect(sent()).toEqual([6, 3]);
    expect(run.reasons()['PortingOrder/acme/desk']).toBe('Synced');
  });

  it('are uploaded once, although the order that they are for is refused for a while', async () => {
    const run = flow({});
    await run.control('/faults', {
      match: { method: 'POST', path: '/porting-orders$' },
      times: 2,
      respond: { status: 400, code: 'BAD_REQUEST' },
    });
    await run.apply();
    expect([uploads(run), creates(run)]).toEqual([2, 1]);
    await run.apply();
    expect([uploads(run), creates(run)]).toEqual([2, 1]);
    await run.restart();
    await run.apply();
    expect([uploads(run), creates(run)]).toEqual([2, 2]);
    await run.restart();
    await run.apply();
    expect([uploads(run), creates(run)]).toEqual([2, 3]);
    expect(await run.objects('portingOrder')).toHaveLength(1);
  });
});
