import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventRecorder } from './events.ts';
import { Fixture } from './testing/fixture.ts';

let fixture: Fixture;
let recorder: EventRecorder;
const drift = { type: 'Warning' as const, reason: 'Drifted', action: 'Compare', note: 'jobTitle differs' };

beforeEach(async () => {
  fixture = await Fixture.start();
  const { client, clock, errors } = fixture;
  let draws = 0;
  recorder = new EventRecorder({
    client,
    clock,
    random: () => (draws += 0.01),
    controller: 'example.com/operator',
    instance: 'operator-0',
    redact: (text) => text.replaceAll('secret', '[gone]'),
    onError: (error) => errors.push(error),
  });
});

afterEach(async () => {
  await fixture.stop();
});

const sent = (verb: 'create' | 'patch') =>
  fixture.server.requests.filter((request) => request.verb === verb).map((request) => request.body);

describe('EventRecorder', () => {
  it('10. writes an Event of events.k8s.io/v1 with its time in microseconds', async () => {
    recorder.record(fixture.seed('one'), { ...drift, note: 'a secret' });
    await recorder.flush();
    expect(sent('create')).toEqual([
      expect.objectContaining({
        apiVersion: 'events.k8s.io/v1',
        eventTime: expect.stringMatching(/\.\d{6}Z$/),
        regarding: expect.objectContaining({
          kind: 'Widget',
          name: 'one',
          namespace: 'default',
          uid: 'uid-1',
        }),
        reason: 'Drifted',
        note: 'a [gone]',
        reportingController: 'example.com/operator',
      }),
    ]);
  });

  it('makes one series of what repeats, and writes it once in a while', async () => {
    const object = fixture.seed('one');
    for (let minute = 0; minute < 12; minute += 1) {
      recorder.record(object, drift);
      await recorder.flush();
      await fixture.clock.advance(60_000);
    }
    expect(sent('create')).toHaveLength(1);
    expect(sent('patch')).toEqual([
      { series: { count: 6, lastObservedTime: expect.stringMatching(/\.\d{6}Z$/) } },
      { series: { count: 11, lastObservedTime: expect.any(String) } },
    ]);
  });

  it('begins anew when the Event has expired in the API server', async () => {
    const object = fixture.seed('one');
    recorder.record(object, drift);
    await recorder.flush();
    await fixture.clock.advance(6 * 60_000);
    fixture.server.fail({ verb: 'patch', instead: { status: 404 } });
    recorder.record(object, drift);
    await recorder.flush();
    await fixture.clock.advance(50 * 60_000);
    recorder.record(object, drift);
    await recorder.flush();
    expect(sent('create')).toHaveLength(3);
  });

  it('gives each Event a name of its own, in the same millisecond and whatever chance says', async () => {
    const { client, clock, errors } = fixture;
    const unlucky = new EventRecorder({
      client,
      clock,
      random: () => 0.5,
      controller: 'example.com/operator',
      instance: 'operator-0',
      redact: (text) => text,
      onError: (error) => errors.push(error),
    });
    const object = fixture.seed('one');
    unlucky.record(object, drift);
    unlucky.record(object, { ...drift, note: 'department differs' });
    await unlucky.flush();
    expect(errors).toEqual([]);
    expect(sent('create')).toHaveLength(2);
  });

  it('keeps apart objects and reasons', async () => {
    recorder.record(fixture.seed('one'), drift);
    recorder.record(fixture.seed('two'), drift);
    recorder.record(fixture.seed('two'), { ...drift, reason: 'Corrected' });
    await recorder.flush();
    expect(sent('create')).toHaveLength(3);
  });

  it('drops an Event that cannot be written, and cuts a long note at a character', async () => {
    fixture.server.fail({ verb: 'create', instead: { status: 403 } });
    recorder.record(fixture.seed('one'), drift);
    await recorder.flush();
    expect(fixture.errors).toHaveLength(1);
    recorder.record(fixture.seed('two'), { ...drift, note: 'é'.repeat(2_000) });
    await recorder.flush();
    const note = JSON.stringify(sent('create')[1]).match(/"note":"([^"]*)"/)?.[1] ?? '';
    expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1_024);
    expect(note.endsWith('é…')).toBe(true);
  });
});
