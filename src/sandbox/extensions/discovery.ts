import type { SandboxModule } from '../core.ts';

/** Object types that this sandbox offers beyond the published API. */
export const offers = [
  'extension',
  'extensionSettings',
  'profileSettings',
  'administrator',
  'privilegeTree',
  'portingOrder',
  'portingDocument',
  'invitation',
  'license',
  'userGroup',
  'profilePolicy',
] as const;

/** `GET /.well-known/dialops.json`: by it a client knows that these endpoints are there. */
export const discoveryModule: SandboxModule = (core) => {
  for (const name of offers) core.offer(name);
  core.router.add({
    method: 'GET',
    path: '/.well-known/dialops.json',
    mediaTypes: { response: ['application/json'] },
    scopes: [],
    handle: (exchange) => ({
      status: 200,
      body: {
        apiVersion: 'v1',
        provider: 'sandbox',
        customerId: core.customerId,
        offers: [...offers],
        auditUrl: `${exchange.origin}/administration/audit/v1/audits`,
      },
    }),
  });
};
