import type { PortingOrder } from '../../resources/generated/porting-order.ts';

type Spec = PortingOrder['spec'];
type Line = readonly [string, string | undefined];

/** What submission sends, a line for each field; of a Secret its name and key. */
export function whatIsSent(spec: Spec): string {
  const { documents, endUser, losingCarrier, remainingNumbers } = spec;
  const lines: readonly Line[] = [
    ['port type', spec.portType],
    ['losing carrier', losingCarrier?.name],
    ['account number', fromSecret(losingCarrier?.accountNumberSecretRef)],
    ['PIN', fromSecret(losingCarrier?.pinSecretRef)],
    ['billing telephone number', losingCarrier?.billingTelephoneNumber],
    ['end user', endUser?.name],
    ['business name', endUser?.businessName],
    ['authorised person', endUser?.authorizedPerson],
    ['service address', addressLine(endUser?.serviceAddress)],
    ['letter of authority', documentText(documents?.letterOfAuthority)],
    ['bill', documentText(documents?.bill)],
    ['numbers that stay', remainingText(remainingNumbers)],
    ['requested date', spec.requestedDate],
    // Last, as there may be hundreds: the text is cut where a status ends.
    ...spec.numbers.map(({ number, replaces }): Line => ['number', `${number}${replacesText(replaces)}`]),
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])).join('\n');
}

/** What a person does where the endpoint has no API for ports. */
export function manualSteps(spec: Spec): string {
  return [
    'The endpoint has no API for ports. In Admin Console, under Phone Numbers, Port Numbers:',
    '1. Begin a port, and enter what stands below; account number and PIN are in the Secrets named there.',
    '2. Upload the letter of authority and the bill.',
    `3. ${spec.submit === true ? 'Submit it' : 'Leave it a draft: spec.submit is not set'}.`,
    '4. On the day of the port see that each number has come to its extension; where a temporary number was in use,',
    '   release it.',
    'The phase of each number is followed here by the inventory.',
    '',
    whatIsSent(spec),
  ].join('\n');
}

function fromSecret(secret: { readonly name: string; readonly key: string } | undefined): string | undefined {
  return secret && `from Secret ${secret.name}, key ${secret.key}`;
}

function documentText(
  document: NonNullable<Spec['documents']>['letterOfAuthority'] | undefined,
): string | undefined {
  return document?.documentId === undefined
    ? fromSecret(document?.secretRef)
    : `the uploaded document ${document.documentId}`;
}

function addressLine(address: NonNullable<Spec['endUser']>['serviceAddress']): string | undefined {
  if (!address) return undefined;
  const { city, country, postal, secondaryLocation, state, street } = address;
  return [street, secondaryLocation, city, `${state} ${postal}`, country].filter(Boolean).join(', ');
}

function remainingText(remaining: Spec['remainingNumbers']): string | undefined {
  if (!remaining) return undefined;
  const { action, newBillingTelephoneNumber: billing } = remaining;
  return billing === undefined ? action : `${action}, billed under ${billing}`;
}

function replacesText(replaces: Spec['numbers'][number]['replaces']): string {
  if (replaces?.temporaryNumber !== undefined) return ` in the place of ${replaces.temporaryNumber}`;
  return replaces?.extensionRef ? ` for Extension ${replaces.extensionRef.name}` : '';
}
