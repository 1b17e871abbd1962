import type { JsonObject } from '../../../foundation/json.ts';

/** A POST of an order of one number that lacks nothing but its documents. */
export const orderBody = {
  reference: 'front-desk',
  portType: 'FULL',
  numbers: [{ phoneNumber: '+12175550190' }],
  losingCarrier: { name: 'Riverbend Telecom' },
  accountNumber: '12345',
  pin: '9876',
  billingTelephoneNumber: '+12175550190',
  endUser: {
    name: 'Acme Supply',
    authorizedPerson: 'Dana Whitfield',
    serviceAddress: {
      street: '1 Example Ave',
      city: 'Springfield',
      state: 'IL',
      postal: '62704',
      country: 'US',
    },
  },
} satisfies JsonObject;
