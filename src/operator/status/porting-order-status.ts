import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { ReasonName, Verdict } from '../../resources/conditions.ts';
import type { PortingOrder, PortingOrderStatus } from '../../resources/generated/porting-order.ts';
import { commonStatus, type StatusInput } from './account-status.ts';
import { remedyFor } from './port-remedies.ts';

type Phase = NonNullable<PortingOrderStatus['phase']>;

/** The provider's word in this project's one enum; what it does not know is Unknown, never a guess. */
const phases: Readonly<Record<string, Phase>> = {
  DRAFT: 'Draft',
  AWAITING_DOCUMENTS: 'AwaitingDocuments',
  SUBMITTED: 'Submitted',
  EXCEPTION: 'Exception',
  SCHEDULED: 'Scheduled',
  COMPLETED: 'Completed',
  CANCEL_PENDING: 'CancelPending',
  CANCELLED: 'Cancelled',
};

function phaseOf(status: Json | undefined): Phase {
  return (typeof status === 'string' ? phases[status] : undefined) ?? 'Unknown';
}

export function portingOrderStatus(resource: PortingOrder, input: StatusInput): PortingOrderStatus {
  const { observed, outcome } = input;
  const orders = observed.collections.portingOrder;
  const found =
    orders.state === 'read' && outcome.externalId !== undefined
      ? orders.objects.get(outcome.externalId)?.body
      : undefined;
  if (!found) return commonStatus(input);
  const order = withoutSecrets(found, input.conceal);
  const phase = phaseOf(order.status);
  const wouldSend = phase === 'Draft' ? summary(resource) : undefined;
  return {
    ...commonStatus(input, specialReason(phase, order), completion(phase)),
    phase,
    ...text('providerStatus', order.providerStatus),
    numbers: objects(order.numbers).map((number) => ({
      number: String(number.phoneNumber),
      phase: phaseOf(number.status),
      ...text('temporaryNumber', number.temporaryNumber),
    })),
    ...list('exceptions', objects(order.exceptions).map(exceptionOf)),
    ...text('confirmedDate', order.confirmedDate),
    ...list('comments', objects(order.comments).map(commentOf)),
    ...list('history', objects(order.history).map(historyOf)),
    ...list('children', objects(order.children).map(childOf)),
    ...(wouldSend === undefined ? {} : { wouldSend }),
  };
}

/** What the provider writes for people to read may repeat an account number or a PIN; numbers and ids stay. */
function withoutSecrets(order: JsonObject, conceal: (text: string) => string = (text) => text): JsonObject {
  const hide = (value: Json | undefined) => (typeof value === 'string' ? conceal(value) : (value ?? null));
  const hideIn = (list: Json | undefined, names: readonly string[]): Json =>
    objects(list).map((entry) => ({
      ...entry,
      ...Object.fromEntries(names.filter((name) => name in entry).map((name) => [name, hide(entry[name])])),
    }));
  return {
    ...order,
    providerStatus: hide(order.providerStatus),
    exceptions: hideIn(order.exceptions, ['message']),
    comments: hideIn(order.comments, ['author', 'text']),
    history: hideIn(order.history, ['providerStatus']),
  };
}

function specialReason(phase: Phase, order: JsonObject): { reason: ReasonName; message: string } | undefined {
  switch (phase) {
    case 'Draft':
      return { reason: 'Draft', message: 'A draft; spec.submit: true submits it' };
    case 'AwaitingDocuments':
      return {
        reason: 'AwaitingDocuments',
        message: 'The provider waits for a document: see spec.documents',
      };
    case 'Submitted':
    case 'Scheduled':
    case 'CancelPending':
      return {
        reason: 'InFlight',
        message:
          typeof order.confirmedDate === 'string'
            ? `Confirmed for ${order.confirmedDate}`
            : 'With the provider',
      };
    case 'Exception': {
      const [first] = objects(order.exceptions).map(exceptionOf);
      return {
        reason: 'PortException',
        message: first ? `${first.code}: ${first.message}. ${first.remedy}` : 'The losing carrier refused',
      };
    }
    case 'Completed':
      return { reason: 'Completed', message: 'Every number has arrived' };
    case 'Cancelled':
      return { reason: 'Cancelled', message: 'The order was cancelled' };
    case 'Unknown':
      return undefined;
  }
}

function completion(phase: Phase): Verdict[] {
  if (phase === 'Completed')
    return [{ type: 'Completed', status: 'True', reason: 'Ported', message: 'Every number has arrived' }];
  if (phase === 'Cancelled')
    return [{ type: 'Completed', status: 'True', reason: 'Cancelled', message: 'The order was cancelled' }];
  return [];
}

/** What submission would send, without secrets. */
function summary({ spec }: PortingOrder): string {
  const numbers = spec.numbers.map(({ number }) => number);
  return `${spec.portType} port of ${numbers.join(', ')} from ${spec.losingCarrier?.name ?? 'a carrier not named yet'}${spec.requestedDate ? `, wanted on ${spec.requestedDate}` : ''}`;
}

function exceptionOf(exception: JsonObject) {
  const code = String(exception.code);
  return {
    code,
    message: String(exception.message ?? ''),
    numbers: isJsonArray(exception.numbers) ? exception.numbers.map(String) : [],
    remedy: remedyFor(code),
  };
}

function commentOf(comment: JsonObject) {
  return { time: String(comment.time), ...text('author', comment.author), text: String(comment.text ?? '') };
}

function historyOf(entry: JsonObject) {
  return {
    time: String(entry.time),
    phase: phaseOf(entry.status),
    ...text('providerStatus', entry.providerStatus),
  };
}

function childOf(child: JsonObject) {
  return {
    id: String(child.id),
    phase: phaseOf(child.status),
    ...(isJsonArray(child.numbers) ? { numbers: child.numbers.map(String) } : {}),
  };
}

function objects(value: Json | undefined): JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

function text<K extends string>(name: K, value: Json | undefined): { [P in K]?: string } {
  const entry: { [P in K]?: string } = {};
  if (typeof value === 'string' && value !== '') Object.assign(entry, { [name]: value });
  return entry;
}

function list<K extends string, T>(name: K, values: T[]): { [P in K]?: T[] } {
  const entry: { [P in K]?: T[] } = {};
  if (values.length > 0) Object.assign(entry, { [name]: values });
  return entry;
}
