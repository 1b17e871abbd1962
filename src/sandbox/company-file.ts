import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';
import type { Company } from './company.ts';
import { emptyCompany } from './empty-company.ts';

/** A phone system as a file describes it: what there is before the first employee. */
export interface CompanyFile {
  readonly company: Company;
  /** The account's id, where the file gives one. */
  readonly customerId?: string;
}

/** The file cannot be used; the message names it, every field at fault, and what is wrong. */
export class CompanyFileError extends Error {
  override readonly name = 'CompanyFileError';
}

/**
 * Reads an inventory in JSON or YAML, in the shape of `examples/acme/account.json` (see `emptyCompany`), with
 * `customerId` beside it. The same file and seed give the same company.
 *
 * @throws CompanyFileError
 */
export async function loadCompanyFile(path: string, seed: number): Promise<CompanyFile> {
  const inventory = await readInventory(path);
  const { customerId = null } = inventory;
  if (customerId !== null && (typeof customerId !== 'string' || customerId.trim() === '')) {
    throw new CompanyFileError(`${path}: customerId: must be a text that is not blank`);
  }
  try {
    return { company: emptyCompany(inventory, seed), ...(customerId === null ? {} : { customerId }) };
  } catch (error) {
    throw new CompanyFileError(`${path}: ${messageOf(error)}`, { cause: error });
  }
}

async function readInventory(path: string): Promise<JsonObject> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new CompanyFileError(`${path}: cannot be read: ${messageOf(error)}`, { cause: error });
  }
  // JSON is YAML, and the YAML parser says line and column.
  const document = parseDocument(text);
  const [mistake] = document.errors;
  if (mistake) throw new CompanyFileError(`${path}: is neither JSON nor YAML: ${mistake.message}`);
  const inventory: Json = document.toJSON();
  if (!isJsonObject(inventory)) {
    throw new CompanyFileError(`${path}: must hold an object, such as examples/acme/account.json does`);
  }
  return inventory;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
