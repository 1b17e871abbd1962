/**
 * What to do about a losing carrier's refusal, by the kind of code. Codes as Telnyx and Twilio name them and as
 * Bandwidth numbers them; unknown ones are for a person.
 */
const remedies: readonly { readonly codes: RegExp; readonly remedy: string }[] = [
  {
    codes:
      /ACCOUNT_NUMBER|PASSCODE|_PIN|AUTH_PERSON|ENTITY_NAME|END_USER_NAME|BTN_ATN|^74(01|04|08|29|35|45|73)$/,
    remedy:
      'Correct account number, PIN, names or billing telephone number to what the losing carrier has on file.',
  },
  {
    codes: /LOCATION_MISMATCH|POSTAL_CODE|ADDRESS|^7402$/,
    remedy:
      'Ask the losing carrier for the customer service record and copy its service address into spec.endUser.serviceAddress.',
  },
  {
    codes: /PHONE_NUMBER_MISMATCH|PORT_TYPE|MAIN_BTN|SPLIT_REQUIRED|^7(434|204|386)$/,
    remedy:
      'Change the numbers, the port type or the billing telephone number; an order may have to be split.',
  },
  {
    codes: /SPECIAL_FEATURE|CARRIER_RESTRICTION|INACTIVE|DISCONNECTED|^74(06|07|09|10|11|16|19|25)$/,
    remedy: 'Have the losing carrier remove what blocks the port (a feature, a pending order, a freeze).',
  },
  { codes: /FOC_(EXPIRED|REJECTED)|^7(412|20[7-9]|210|439)$/, remedy: 'Set another spec.requestedDate.' },
  { codes: /DOCUMENT|LOA|^7424$/, remedy: 'Provide a new document under spec.documents.' },
  { codes: /NOT_PORTABLE|^74(03|70)$/, remedy: 'Take the number out of the order; it can not be ported.' },
  { codes: /PENDING|IRRESPONSIVE|SV_|^74(18|44|84|85)$/, remedy: 'Wait: the provider is working on it.' },
];

export function remedyFor(code: string): string {
  return (
    remedies.find(({ codes }) => codes.test(code))?.remedy ??
    "Ask the provider's porting desk; the code is theirs."
  );
}
