import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Command, Option } from 'commander';
import { stringify } from 'yaml';
import { checkDocument, type DocumentType, largestUpload, sizeText } from '../execution/document-type.ts';
import { systemClock } from '../foundation/clock.ts';
import { RequestBudget } from '../phonesystem/budget.ts';
import { PhoneSystemClient, type PortingDocument } from '../phonesystem/client.ts';
import { ApiError } from '../phonesystem/errors.ts';
import { jsonForTerminal, lineForTerminal } from '../report/terminal-text.ts';
import { addConnectionOptions, type ConnectionFlags, connect, connectionHelp } from './connection.ts';
import { exitCodeHelp, explain, UsageError } from './exit.ts';
import { stopSignal } from './stop-signals.ts';
import { complain, talk } from './talk.ts';

const kinds = {
  'letter-of-authority': { type: 'LETTER_OF_AUTHORITY', field: 'letterOfAuthority' },
  bill: { type: 'BILL', field: 'bill' },
} as const;
type Kind = keyof typeof kinds;

const formats = ['text', 'json'] as const;

interface UploadFlags extends ConnectionFlags {
  readonly kind: Kind;
  readonly tollFree: boolean;
  readonly dryRun: boolean;
  readonly output: (typeof formats)[number];
}

/** One file that may be sent, and its id once it was. */
interface Upload {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly contentType: DocumentType;
  readonly id?: string;
}

/** A scan over a slow line takes its time. */
const uploadTimeoutMs = 5 * 60_000;

const examples = `
Examples:
  A signed letter that is too large for a Secret; the lines go into the PortingOrder:
    dialops porting upload scans/letter.pdf --kind letter-of-authority

  Are these bills what the provider takes? Nothing is sent:
    dialops porting upload bills/*.pdf --kind bill --dry-run

  The id alone, for a script:
    dialops porting upload scans/bill.tiff --kind bill -o json | jq -r '.documents[0].id'

Up to 1 MiB a document may stay in a Secret instead (spec.documents of the PortingOrder); what is uploaded may have up
to 3 MB. All files are looked at by their bytes before the first is sent. The same file sent again has the same id.`;

export function uploadCommand(): Command {
  const command = new Command('upload')
    .description(
      'Uploads letters of authority and bills for number ports, and prints the id of each with the YAML that names it.',
    )
    .argument('<file...>', 'PDF, TIFF, PNG or JPEG')
    .addOption(
      new Option('--kind <kind>', 'what the files are').choices(Object.keys(kinds)).makeOptionMandatory(),
    )
    .addOption(
      new Option('--toll-free', 'for toll-free numbers, whose letters must be PDF or TIFF').default(false),
    )
    .addOption(
      new Option('--dry-run', 'look at the files and ask the endpoint, but send none').default(false),
    )
    .addOption(new Option('-o, --output <format>', 'format on stdout').choices(formats).default('text'));
  return addConnectionOptions(command)
    .addHelpText('after', `${examples}\n${connectionHelp}\n${exitCodeHelp}`)
    .action(upload);
}

async function upload(files: readonly string[], flags: UploadFlags): Promise<void> {
  const checked = await checkFiles(files, flags);
  const { apiKey, endpoint, transport } = await connect(flags, process.env, { timeoutMs: uploadTimeoutMs });
  if (endpoint === undefined) {
    throw new UsageError(
      'Where is the phone system? Give --endpoint, DIALOPS_ENDPOINT, or endpoint in the configuration file',
    );
  }
  const signal = stopSignal();
  const client = new PhoneSystemClient({
    endpoint,
    apiKey,
    transport,
    budget: new RequestBudget({ clock: systemClock }),
    clock: systemClock,
    random: Math.random,
  });
  await mustTakeDocuments(client, signal);
  if (flags.dryRun) {
    process.stdout.write(rendered(checked, flags));
    talk('Nothing was sent (--dry-run).');
    return;
  }
  const { type } = kinds[flags.kind];
  const sent: Upload[] = [];
  try {
    for (const [index, each] of checked.entries()) {
      tellProgress(each, index, checked.length);
      const { bytes, contentType, file } = each;
      const document: PortingDocument = { bytes, contentType, type, fileName: basename(file).slice(-255) };
      const { id } = await client.uploadDocument(document, { priority: 'person', signal });
      sent.push({ ...each, id });
    }
  } catch (error) {
    const failed = checked[sent.length]?.file;
    throw new Error(`${failed}: was not uploaded${sent.length > 0 ? '; those before it were' : ''}`, {
      cause: error,
    });
  } finally {
    if (sent.length > 0) process.stdout.write(rendered(sent, flags));
  }
}

/** @throws UsageError when one of them is unfit: every fault is told first */
async function checkFiles(files: readonly string[], flags: UploadFlags): Promise<readonly Upload[]> {
  const found: Upload[] = [];
  const faults: string[] = [];
  for (const file of files) {
    const upload = await checkFile(file, flags);
    if (typeof upload === 'string') faults.push(`${file}: ${upload}`);
    else found.push(upload);
  }
  const [first, ...others] = faults;
  if (first === undefined) return found;
  if (others.length === 0) throw new UsageError(`${first}. Nothing was sent`);
  for (const fault of faults) complain(fault);
  throw new UsageError(`${faults.length} of ${files.length} files are unfit. Nothing was sent`);
}

/** @returns what is wrong with it and what to do, as text, or what is to be sent */
async function checkFile(file: string, { kind, tollFree }: UploadFlags): Promise<Upload | string> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(file);
    if (size > largestUpload) {
      return `has ${sizeText(size)}, and at most ${sizeText(largestUpload)} are taken: scan it with a lower resolution or in black and white`;
    }
    bytes = await readFile(file);
  } catch (error) {
    return `cannot be read: ${explain(error)}`;
  }
  const result = checkDocument(bytes, { type: kinds[kind].type, tollFree }, largestUpload);
  if ('contentType' in result) return { file, bytes, contentType: result.contentType };
  return `is ${result.found}; ${result.wanted}`;
}

async function mustTakeDocuments(client: PhoneSystemClient, signal: AbortSignal): Promise<void> {
  const { offers } = await client.discover({ priority: 'person', signal });
  if (offers.has('portingDocument')) return;
  throw new ApiError({
    kind: 'unsupported',
    message:
      'This endpoint has no API for the documents of ports: attach them in Admin Console, where the port is ordered',
  });
}

/** For a person who waits. */
function tellProgress({ bytes, file }: Upload, index: number, count: number): void {
  if (process.stderr.isTTY !== true) return;
  talk(`uploading ${index + 1} of ${count}: ${file} (${sizeText(bytes.length)})`);
}

/** Text is YAML, one document a file, to be put into the PortingOrder as it is. */
function rendered(uploads: readonly Upload[], { dryRun, kind, output }: UploadFlags): string {
  const { field } = kinds[kind];
  if (output === 'json') {
    const documents = uploads.map(({ bytes, contentType, file, id }) => ({
      file,
      kind,
      contentType,
      bytes: bytes.length,
      ...(id === undefined ? {} : { id }),
      field: `spec.documents.${field}.documentId`,
    }));
    return jsonForTerminal({ format: 'dialops.dev/porting-upload/v1', dryRun, documents });
  }
  const parts = uploads.map(({ bytes, contentType, file, id }) => {
    const about = `# ${lineForTerminal(file)}: ${contentType}, ${sizeText(bytes.length)}`;
    if (id === undefined) return `${about}, fit to be sent\n`;
    const yaml = stringify({ spec: { documents: { [field]: { documentId: id } } } });
    return `${about}, id ${id}\n${yaml}`;
  });
  return parts.join(dryRun ? '' : '---\n');
}
