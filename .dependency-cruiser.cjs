/**
 * The table in docs/architecture.md as rules: which room may import which. Type-only imports count too.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */

/** Each room, and the rooms that it may import besides itself. */
const ROOMS = {
  foundation: [],
  resources: ['foundation'],
  account: ['resources', 'foundation'],
  phonesystem: ['account', 'resources', 'foundation'],
  execution: ['phonesystem', 'account', 'resources', 'foundation'],
  operator: ['execution', 'phonesystem', 'account', 'resources', 'foundation'],
  workspace: ['execution', 'phonesystem', 'account', 'resources', 'foundation'],
  report: ['account', 'resources', 'foundation'],
  cli: ['report', 'workspace', 'operator', 'execution', 'phonesystem', 'account', 'resources', 'foundation'],
  sandbox: ['foundation'],
};

/** Not part of the product: tests, and what several of them need. They may reach anywhere, to drive the rooms. */
const TESTS = '([.]test[.]ts$|/testing/)';

const rooms = Object.entries(ROOMS).map(([room, below]) => ({
  name: `room-${room}`,
  comment: `src/${room} may import ${below.length === 0 ? 'no other room' : below.join(', ')} (docs/architecture.md)`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: room === 'cli' ? [TESTS, '^src/cli/sandbox[.]ts$'] : TESTS },
  to: { path: '^(src|test|scripts)/', pathNot: `^src/(${[room, ...below].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...rooms,
    {
      name: 'sandbox-only-from-its-command',
      comment: 'src/cli/sandbox.ts may import the sandbox besides what every command may',
      severity: 'error',
      from: { path: '^src/cli/sandbox[.]ts$' },
      to: {
        path: '^(src|test|scripts)/',
        pathNot: `^src/(cli|sandbox|${ROOMS.cli.join('|')})/`,
      },
    },
    {
      name: 'known-rooms-only',
      comment: 'a new folder in src needs its line in the table, in docs/architecture.md and here',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: `^src/(${Object.keys(ROOMS).join('|')})/` },
    },
    {
      name: 'no-cycles',
      comment: 'modules that import each other can be understood, tested and moved only together',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'nothing imports it and it imports nothing: dead, or not wired up',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: TESTS },
      to: {},
    },
    {
      name: 'no-imports-of-tests',
      comment: 'the product does not need its tests; what two tests need goes to a folder named testing',
      severity: 'error',
      from: { pathNot: '/testing/' },
      to: { path: '[.]test[.]ts$' },
    },
    {
      name: 'testing-only-in-tests',
      comment: 'folders named testing hold what several tests need; the product does not',
      severity: 'error',
      from: { path: '^src/', pathNot: TESTS },
      to: { path: '/testing/' },
    },
    {
      name: 'pure-account-model',
      comment: 'compile, diff and plan are pure: no network, no disk, no clock, no Kubernetes',
      severity: 'error',
      from: { path: '^src/account/', pathNot: TESTS },
      to: {
        path: '^(node:)?(fs|http|https|net|tls|dns|timers|child_process|worker_threads|process|os)(/|$)|@kubernetes/client-node|pino',
      },
    },
    {
      name: 'no-unresolvable',
      comment: 'the module does not exist',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared-dependencies-only',
      comment: 'the product runs on what package.json declares as dependencies',
      severity: 'error',
      from: { path: '^src/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional'] },
    },
  ],
  options: {
    // TypeScript 7 does not offer the API that the default parser needs. This one sees type-only imports too.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.cjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
