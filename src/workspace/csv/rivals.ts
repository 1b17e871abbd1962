import { stableText } from '../../account/digest.ts';
import type { Json } from '../../foundation/json.ts';
import { isJsonArray, isJsonObject } from '../../foundation/json.ts';
import type { Column } from './columns.ts';
import type { CellFindings, Row } from './read-rows.ts';

/** Notes what only one may have: a number, a device, an extension of a site. The first row keeps it. */
export class Rivals {
  readonly #holders = new Map<string, number>();
  readonly #findings: CellFindings;

  constructor(findings: CellFindings) {
    this.#findings = findings;
  }

  /** @param what as a person says it: `phone number +14085550123` */
  claim(row: Row, column: Column, what: string, key = what): void {
    const holder = this.#holders.get(key.toLowerCase());
    if (holder === undefined) this.#holders.set(key.toLowerCase(), row.line);
    else this.#findings.error(row.line, column, `${what} stands in line ${holder} already`);
  }

  /** Each entry of a list by one of its members. */
  claimEach(row: Row, column: Column, list: Json | undefined, member: string, what: string): void {
    for (const entry of list !== undefined && isJsonArray(list) ? list : []) {
      const value = isJsonObject(entry) ? entry[member] : undefined;
      if (typeof value === 'string') this.claim(row, column, `${what} ${value}`);
    }
  }
}

/**
 * Spreadsheets drop the zeros that a number begins with. Extension numbers of one site have one length (8x8 guide:
 * sites, extension length), so that a shorter one among longer ones tells of it.
 */
export function findLostZeros(
  rows: readonly Row[],
  number: Column,
  siteOf: (row: Row) => Json | undefined,
  findings: CellFindings,
): void {
  const bySite = new Map<string, Row[]>();
  for (const row of rows) {
    if (typeof row.values.get(number) !== 'string') continue;
    const site = stableText(siteOf(row) ?? null);
    const members = bySite.get(site);
    if (members) members.push(row);
    else bySite.set(site, [row]);
  }
  for (const members of bySite.values()) {
    const lengths = members.map((row) => String(row.values.get(number)).length);
    const most = Math.max(...lengths);
    for (const [index, row] of members.entries()) {
      const length = lengths[index] ?? most;
      if (length === most) continue;
      const text = String(row.values.get(number));
      findings.error(
        row.line,
        number,
        `${text} has ${length} digits where others of the site have ${most}: Excel drops zeros before a number; write ${text.padStart(most, '0')}, or say --extension-length ${most} to have them filled up, or any if both are meant`,
      );
    }
  }
}
