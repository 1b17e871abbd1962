import type { PortingOrder } from '../../resources/generated/porting-order.ts';

/** Fields without which no losing carrier accepts a port, as in the YAML without `spec.`. */
export function missingForSubmission(spec: PortingOrder['spec']): string[] {
  const { losingCarrier, endUser, documents, numbers, portType, remainingNumbers } = spec;
  const billing = losingCarrier?.billingTelephoneNumber;
  const keepsWithoutBilling =
    remainingNumbers?.action === 'Keep' && numbers.some(({ number }) => number === billing);
  const needed: readonly (readonly [string, unknown])[] = [
    ['losingCarrier.name', losingCarrier?.name],
    ['losingCarrier.accountNumberSecretRef', losingCarrier?.accountNumberSecretRef],
    ['losingCarrier.billingTelephoneNumber', billing],
    ['endUser.name', endUser?.name],
    ['endUser.authorizedPerson', endUser?.authorizedPerson],
    ['endUser.serviceAddress', endUser?.serviceAddress],
    ['documents.letterOfAuthority', documents?.letterOfAuthority],
    ['remainingNumbers', portType === 'Full' ? 'none' : remainingNumbers],
    // Numbers that stay need one that the bill can go by.
    [
      'remainingNumbers.newBillingTelephoneNumber',
      keepsWithoutBilling ? remainingNumbers?.newBillingTelephoneNumber : 'not needed',
    ],
  ];
  return needed.filter(([, value]) => isBlank(value)).map(([field]) => field);
}

function isBlank(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}
