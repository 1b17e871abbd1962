/** What gets an order going again. */
type Remedy =
  | 'CORRECT_ACCOUNT_DATA'
  | 'CORRECT_ADDRESS'
  | 'CHANGE_NUMBERS'
  | 'ACT_AT_LOSING_CARRIER'
  | 'NEW_DATE'
  | 'ADD_DOCUMENT'
  | 'DROP_NUMBER'
  | 'WAIT'
  | 'PERSON';

const catalogue: Readonly<Record<string, readonly [Remedy, string]>> = {
  ACCOUNT_NUMBER_MISMATCH: ['CORRECT_ACCOUNT_DATA', 'The account number is not the one on record'],
  PASSCODE_PIN_INVALID: ['CORRECT_ACCOUNT_DATA', 'The PIN or passcode is wrong'],
  AUTH_PERSON_MISMATCH: ['CORRECT_ACCOUNT_DATA', 'The authorised person is not the one on record'],
  ENTITY_NAME_MISMATCH: ['CORRECT_ACCOUNT_DATA', 'The name of the account is not the one on record'],
  BTN_ATN_MISMATCH: ['CORRECT_ACCOUNT_DATA', 'The billing telephone number is not the one on record'],
  LOCATION_MISMATCH: ['CORRECT_ADDRESS', 'The service address is not the one on record'],
  POSTAL_CODE_MISMATCH: ['CORRECT_ADDRESS', 'The postal code is not the one on record'],
  PHONE_NUMBER_MISMATCH: ['CHANGE_NUMBERS', 'A number does not belong to the account'],
  PORT_TYPE_INCORRECT: ['CHANGE_NUMBERS', 'A full port was asked for, and the account has more numbers'],
  MAIN_BTN_PORTING: ['CHANGE_NUMBERS', 'The billing number leaves, and the rest needs another one'],
  PORTING_ORDER_SPLIT_REQUIRED: ['CHANGE_NUMBERS', 'The numbers cannot be ported in one order'],
  PHONE_NUMBER_HAS_SPECIAL_FEATURE: [
    'ACT_AT_LOSING_CARRIER',
    'A feature of the number has to be removed first',
  ],
  FOC_EXPIRED: ['NEW_DATE', 'The confirmed date has passed'],
  FOC_REJECTED: ['NEW_DATE', 'The requested date was refused'],
  DOCUMENT_INVALID: ['ADD_DOCUMENT', 'The letter of authority cannot be accepted'],
  PHONE_NUMBER_NOT_PORTABLE: ['DROP_NUMBER', 'The number cannot be ported'],
  RATE_CENTER_NOT_PORTABLE: ['DROP_NUMBER', 'The rate centre of the number is not served'],
  LSR_PENDING: ['WAIT', 'Another request for the number is pending at the losing carrier'],
  OSP_IRRESPONSIVE: ['WAIT', 'The losing carrier does not answer'],
  SV_CONFLICT: ['WAIT', 'The number is in conflict at the registry'],
  SV_UNKNOWN_FAILURE: ['WAIT', 'The registry failed'],
  OTHER: ['PERSON', 'The port was rejected'],
};

const waysOut: Readonly<Record<Remedy, string>> = {
  CORRECT_ACCOUNT_DATA: 'correct the account data',
  CORRECT_ADDRESS: 'correct the service address to the one on the customer service record',
  CHANGE_NUMBERS: 'cancel and order again with other numbers or another port type',
  ACT_AT_LOSING_CARRIER: 'the customer has to act at the losing carrier',
  NEW_DATE: 'ask for another date',
  ADD_DOCUMENT: 'send a valid document',
  DROP_NUMBER: 'cancel and order again without it',
  WAIT: 'the provider is working on it',
  PERSON: 'contact porting support',
};

/** What is wrong and what to do, for a code of the open list; an unknown one needs a person. */
export function messageOf(code: string): string {
  const [remedy, problem] = catalogue[code] ?? ['PERSON', 'The port was rejected'];
  return `${problem}: ${waysOut[remedy]}`;
}
