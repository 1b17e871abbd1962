import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog, type LogFields } from './log.ts';
import { redact } from './redact.ts';

function capture(): { lines: string[]; log: ReturnType<typeof createLog> } {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } });
  return { lines, log };
}

describe('log', () => {
  it('writes JSON lines with time, level, message and the given ids', () => {
    const { lines, log } = capture();
    log.with({ account: 'acme/default' }).info('Synced', { count: 3, durationMs: 12 });
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      account: 'acme/default',
      count: 3,
      durationMs: 12,
      message: 'Synced',
    });
  });

  it('drops fields that are not on the list of ids and counts', () => {
    const { lines, log } = capture();
    const fields = { name: 'ada', email: 'ada@example.com', body: { phone: '+14085550123' } };
    const loose: LogFields = fields;
    log.info('Created', loose);
    expect(lines[0]).toContain('"name":"ada"');
    expect(lines[0]).not.toMatch(/email|phone|example/);
  });

  it('is not held up by a message of any length', () => {
    expect(redact('a'.repeat(1_000_000)).length).toBeLessThan(5_000);
  });

  it('takes emails and numbers out of messages, errors and their causes', () => {
    const { lines, log } = capture();
    const cause = new Error('user ada.lovelace@example.com exists');
    const error = Object.assign(new Error('Refused: +1 408 555-0123 is taken', { cause }), {
      response: { body: 'ada.lovelace@example.com' },
    });
    log.error('Could not create ada.lovelace@example.com (408) 555-0123', {
      error,
      externalId: '+14085550123',
    });
    expect(lines[0]).not.toMatch(/lovelace|555/);
    expect(lines[0]).toContain('[email]');
    expect(lines[0]).toContain('[number]');
  });

  it.each([
    '+44 20 7946 0123',
    '+44 (0)20 7946 0123',
    '+49 30 23125 012',
    '+33 1 99 00 01 23',
    '+61.2.5550.0123',
    '+81-3-0000-0123',
    '+442079460123',
  ])('takes out the number %s, which is not grouped as North Americans do', (number) => {
    expect(redact(`${number} is taken; give ${number}.`)).toBe('[number] is taken; give [number].');
  });

  it('lets no email or phone number through, whatever stands around it', () => {
    const { lines, log } = capture();
    const around = fc.constantFrom(' ', '"', "'", '(', ')', ', ', ': ', '=', '<', '>', '');
    const grouped = fc.constantFrom('+14085550123', '+1 (408) 555-0123', '408-555-0123', '14085550123');
    fc.assert(
      fc.property(around, around, grouped, (before, after, number) => {
        lines.length = 0;
        log.warn(`x${before || ' '}${number}${after || ' '}y and z${before}ada@example.com${after || ' '}`);
        expect(lines[0]).not.toMatch(/555|example/);
      }),
    );
  });

  it('leaves ids, times, versions and addresses readable', () => {
    for (const text of [
      'operation 0b9a3f6e-1234-4567-8901-123456789012 failed',
      'at 2026-01-05T09:00:00.000Z',
      'listening on 127.0.0.1:8080',
      'version 1.35.12, 10000 resources in 4500 ms',
      'extension 1001 at HQ',
    ]) {
      expect(redact(text)).toBe(text);
    }
  });
});
