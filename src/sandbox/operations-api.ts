import type { SandboxModule } from './core.ts';
import { notFound } from './problem.ts';
import { mediaTypeNames } from './vocabulary.ts';

/** `GET /operations/{operationId}`: asked for with any of the suite's types (RULES.md C3). */
export const operationsModule: SandboxModule = (core) => {
  core.router.add({
    method: 'GET',
    path: '/operations/{operationId}',
    mediaTypes: {
      response: [
        mediaTypeNames.operations,
        mediaTypeNames.json,
        mediaTypeNames.users,
        mediaTypeNames.ringGroups,
        mediaTypeNames.sites,
      ],
    },
    scopes: ['UC & CC Admin Operations'],
    handle: (exchange) => {
      const id = exchange.params.operationId ?? '';
      const body = core.operations.find(id);
      if (!body) throw notFound(`Operation not found: ${id}`);
      return { status: 200, body };
    },
  });
};
