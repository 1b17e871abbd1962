import { phaseOfAll, trackNumbers } from '../../account/compile/porting-inventory.ts';
import { missingForSubmission } from '../../account/compile/porting-submission.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { ReasonName, Verdict } from '../../resources/conditions.ts';
import type { PortingOrder, PortingOrderStatus } from '../../resources/generated/porting-order.ts';
import { commonStatus, type StatusInput } from './account-status.ts';
import { awaitedDocuments } from './awaited-documents.ts';
import { appended, stepped } from './port-history.ts';
import { remedyFor } from './port-remedies.ts';
import { manualSteps, whatIsSent } from './port-text.ts';

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
  if (orders.state === 'unsupported') return trackedStatus(resource, input);
  const found =
    orders.state === 'read' && outcome.externalId !== undefined
      ? orders.objects.get(outcome.externalId)?.body
      : undefined;
  if (!found) return { ...commonStatus(input), ...list('history', [...(resource.status?.history ?? [])]) };
  const order = withoutSecrets(found, input.conceal);
  const phase = phaseOf(order.status);
  const history = appended(resource.status?.history ?? [], objects(order.history).map(historyOf));
  return {
    ...commonStatus(input, specialReason(phase, order, resource), completion(phase)),
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
    ...list('history', history),
    ...list('children', objects(order.children).map(childOf)),
    ...(phase === 'Draft' ? draft(resource) : {}),
  };
}

function draft({ spec }: PortingOrder): Pick<PortingOrderStatus, 'missing' | 'wouldSend'> {
  return { wouldSend: whatIsSent(spec), ...list('missing', missingForSubmission(spec)) };
}

/** Without an API for ports the inventory tells how far each number is, and a person does the rest. */
function trackedStatus(resource: PortingOrder, input: StatusInput): PortingOrderStatus {
  const { spec, status } = resource;
  const tracked = trackNumbers(spec, input.observed.collections.phoneNumber);
  const phase = phaseOfAll(tracked);
  const isDone = phase === 'Completed';
  const missing = isDone ? [] : missingForSubmission(spec);
  return {
    ...commonStatus(
      input,
      isDone ? { reason: 'Completed', message: 'Every number has arrived' } : undefined,
      completion(phase),
    ),
    phase,
    numbers: tracked.map(({ number, phase: own }) => {
      const temporary = spec.numbers.find((entry) => entry.number === number)?.replaces?.temporaryNumber;
      return { number, phase: own, ...text('temporaryNumber', temporary) };
    }),
    ...list('history', stepped(status?.history ?? [], phase, input.now)),
    ...(isDone ? {} : { wouldSend: manualSteps(spec) }),
    ...list('missing', missing),
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

function specialReason(
  phase: Phase,
  order: JsonObject,
  { spec }: PortingOrder,
): { reason: ReasonName; message: string } | undefined {
  switch (phase) {
    case 'Draft':
      return { reason: 'Draft', message: draftMessage(missingForSubmission(spec)) };
    case 'AwaitingDocuments':
      return { reason: 'AwaitingDocuments', message: awaitedDocuments(order, spec) };
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
      return spec.cancel
        ? {
            reason: 'Frozen',
            message:
              'spec.cancel came too late: every number has arrived. Delete this resource; the numbers stay',
          }
        : { reason: 'Completed', message: 'Every number has arrived' };
    case 'Cancelled':
      return spec.cancel
        ? { reason: 'Cancelled', message: 'The order was cancelled' }
        : {
            reason: 'PortException',
            message:
              'The order was cancelled at the provider, which the YAML does not ask for: agree with spec.cancel: true, or delete this resource and make another order',
          };
    case 'Unknown':
      return {
        reason: 'NotRead',
        message: `The provider's word for the order (${String(order.status)}) is not known here, and nothing is concluded from it; ask the provider`,
      };
  }
}

function draftMessage(missing: readonly string[]): string {
  if (missing.length === 0) return 'A draft; spec.submit: true submits it';
  return `A draft; to be submitted it still needs ${missing.map((field) => `spec.${field}`).join(', ')}`;
}

function completion(phase: Phase): Verdict[] {
  if (phase === 'Completed')
    return [{ type: 'Completed', status: 'True', reason: 'Ported', message: 'Every number has arrived' }];
  if (phase === 'Cancelled')
    return [{ type: 'Completed', status: 'True', reason: 'Cancelled', message: 'The order was cancelled' }];
  return [];
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
