import type { JsonObject } from '../../foundation/json.ts';
import { BodyReader } from '../body-reader.ts';
import { readNumbers } from '../users/extension-body.ts';
import { e164 } from '../vocabulary.ts';

export interface RingGroupDraft {
  readonly reader: BodyReader;
  readonly customerId: string | undefined;
  readonly name: string;
  readonly extensionNumber: string | undefined;
  readonly site: { readonly id: string | undefined; readonly name: string | undefined };
  readonly phoneNumbers: readonly {
    readonly phoneNumber: string;
    readonly primary: boolean;
    readonly index: number;
  }[];
  readonly members: readonly MemberDraft[];
  readonly voicemailSettings: JsonObject | null;
  readonly accessPin: string | null;
  readonly settings: JsonObject;
}

export interface MemberDraft {
  readonly reader: BodyReader;
  readonly extensionId: string | undefined;
  readonly extensionNumber: string | undefined;
  readonly loggedIn: boolean | undefined;
  readonly sequenceNumber: number | undefined;
  readonly voicemailAccessEnabled: boolean | undefined;
}

const callerIdFormats = [
  'RGNAME_CALLERNUMBER',
  'CALLERNAME_CALLERNUMBER',
  'RGNAME_RGEXTENSION',
  'RGNAME_DIALEDNUMBER',
];
const conditions = ['UNCONDITIONALLY', 'BUSY', 'NO_ANSWER', 'OUTAGE'];
const destinationTypes = ['AUTO_ATTENDANT', 'EXTENSION_NUMBER', 'EXTERNAL_NUMBER', 'VOICEMAIL', 'DROP_CALL'];
const notificationActions = ['ATTACH_DELETE_ORIG', 'DISABLE', 'ATTACH_ONLY', 'NOTIFY_ONLY'];

/** Reads the published RingGroup schema. Faults are left in `reader`: call `reader.finish()`. */
export function readRingGroup(body: JsonObject): RingGroupDraft {
  const reader = new BodyReader(body);
  const name = reader.text('name', { required: true, min: 2, max: 64 });
  reader.text('ringPattern', { required: true, oneOf: ['ROUND_ROBIN', 'SEQUENTIAL', 'SIMULTANEOUS'] });
  reader.text('inboundCallerIdFormat', { required: true, oneOf: callerIdFormats });
  reader.integer('ringTimeout', { required: true, min: 1 });
  reader.integer('numberOfCycles', { min: 1 });
  for (const flag of ['allowLogInLogOut', 'callerIdEnabled', 'notifyIfBusy']) reader.boolean(flag);
  readForwardingRules(reader);
  const site = reader.object('site');
  const voicemail = readVoicemail(reader);
  return {
    reader,
    customerId: reader.text('customerId'),
    name: name ?? '',
    extensionNumber: reader.text('extensionNumber', { pattern: /^\d{1,10}$/ }),
    site: { id: site?.text('id'), name: site?.text('name') },
    phoneNumbers: readNumbers(reader),
    members: readMembers(reader, 'members'),
    ...voicemail,
    settings: {
      allowLogInLogOut: true,
      callerIdEnabled: false,
      forwardingRules: [],
      notifyIfBusy: false,
      numberOfCycles: 1,
      ...reader.rest(
        'id',
        'customerId',
        'name',
        'extensionNumber',
        'site',
        'phoneNumbers',
        'members',
        'voicemailSettings',
      ),
    },
  };
}

/** Reads members; a sequence number asked for twice is a fault. */
export function readMembers(reader: BodyReader, list: string, maximum = 200): MemberDraft[] {
  const positions = new Set<number>();
  return reader.objects(list, { max: maximum }).map((member) => {
    const sequenceNumber = member.integer('sequenceNumber', { min: 1, max: 214_748_367 });
    if (sequenceNumber !== undefined) {
      if (positions.has(sequenceNumber)) member.fault('sequenceNumber', 'must be unique within the request');
      positions.add(sequenceNumber);
    }
    if (!member.has('extensionId') && !member.has('extensionNumber')) {
      member.fault('extensionId', 'Either extensionId or extensionNumber must be provided');
    }
    return {
      reader: member,
      extensionId: member.text('extensionId'),
      extensionNumber: member.text('extensionNumber', { pattern: /^\d+$/ }),
      loggedIn: member.boolean('loggedIn'),
      sequenceNumber,
      voicemailAccessEnabled: member.boolean('voicemailAccessEnabled'),
    };
  });
}

function readForwardingRules(reader: BodyReader): void {
  for (const rule of reader.objects('forwardingRules')) {
    rule.text('condition', { required: true, oneOf: conditions });
    rule.boolean('enabled', true);
    for (const destination of rule.objects('destinations', { max: 1 })) {
      const type = destination.text('type', { oneOf: destinationTypes });
      if (type === 'EXTERNAL_NUMBER') destination.text('destination', { required: true, pattern: e164 });
      if (type === 'EXTENSION_NUMBER') destination.text('destination', { required: true, pattern: /^\d+$/ });
    }
  }
}

function readVoicemail(reader: BodyReader): Pick<RingGroupDraft, 'voicemailSettings' | 'accessPin'> {
  const voicemail = reader.object('voicemailSettings');
  if (!voicemail) return { voicemailSettings: null, accessPin: null };
  const accessPin = voicemail.text('accessPin', { min: 6, max: 15, pattern: /^\d+$/ }) ?? null;
  const action = voicemail.text('notificationAction', { oneOf: notificationActions }) ?? 'DISABLE';
  voicemail.text('notificationEmail', { required: action !== 'DISABLE', email: true });
  return { voicemailSettings: voicemail.rest('accessPin'), accessPin };
}
