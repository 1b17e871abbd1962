import { isJsonArray, isJsonObject, type JsonObject } from '../src/foundation/json.ts';
import { markdownTable } from './markdown-table.ts';

export interface FieldRow {
  /** `callerId.externalName`; `phoneNumbers[].number` for a member of list items. */
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

function schemaAt(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

function typeName(schema: JsonObject): string {
  if (isJsonArray(schema.enum)) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.type === 'array') {
    const items = schemaAt(schema.items);
    return `list of ${items ? typeName(items) : 'anything'}`;
  }
  if (schema.type === 'object' && isJsonObject(schema.additionalProperties)) return 'map';
  if (schema.format === 'date-time') return 'time';
  if (schema.format === 'date') return 'date';
  return typeof schema.type === 'string' ? schema.type : 'anything';
}

/** Every field below a schema, depth first, in the order of the definition. */
export function fieldRows(schema: JsonObject, prefix = ''): readonly FieldRow[] {
  const properties = schemaAt(schema.properties) ?? {};
  const required = new Set(isJsonArray(schema.required) ? schema.required : []);
  return Object.entries(properties).flatMap(([name, value]) => {
    const field = schemaAt(value);
    if (!field) return [];
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const row: FieldRow = {
      path,
      type: typeName(field),
      required: required.has(name),
      description: typeof field.description === 'string' ? field.description : '',
    };
    const items = schemaAt(field.items);
    return [row, ...fieldRows(field, path), ...(items ? fieldRows(items, `${path}[]`) : [])];
  });
}

/** The fields below a schema as a Markdown table. */
export function fieldTable(schema: JsonObject): string {
  const rows = fieldRows(schema).map(({ path, type, required, description }) => {
    return [`\`${path}\`${required ? ' \\*' : ''}`, type, description];
  });
  return markdownTable(['field', 'type', 'meaning'], rows).join('\n');
}
