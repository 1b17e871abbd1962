/**
 * Says what this machine lacks, before anything fails in a way that nobody understands.
 *
 *   node scripts/preflight.cjs [--go] [--disk MEGABYTES]
 *
 * --go    what follows builds the Kubernetes control plane, unless KUBEBUILDER_ASSETS holds one
 * --disk  free space to ask for; default 300, with --go 6000 (module download, build cache, binaries)
 *
 * Old Nodes must be able to run it (CommonJS, the syntax of Node 8): they are what it is for.
 */
'use strict';

const childProcess = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const NODE_MAJOR = 24;
const root = path.join(__dirname, '..');
const nodeInstalled = path.join(
  root,
  'node_modules',
  '.bin',
  process.platform === 'win32' ? 'node.cmd' : 'node',
);

const options = parse(process.argv.slice(2));
const problems = []
  .concat(checkDependencies())
  .concat(checkNode())
  .concat(options.go ? checkGo() : [])
  .concat(checkDisk(options.disk));

if (problems.length > 0) {
  console.error('dialops cannot start on this machine yet:\n');
  problems.forEach((problem) => {
    console.error(`  - ${problem.what}\n    ${problem.remedy}\n`);
  });
  process.exit(1);
}

function parse(args) {
  const result = { go: false, disk: undefined };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--go') result.go = true;
    else if (args[i] === '--disk' && /^\d+$/.test(args[i + 1] || '')) result.disk = Number(args[++i]);
    else {
      console.error(`preflight: unknown argument ${args[i]}; usage: preflight.cjs [--go] [--disk MEGABYTES]`);
      process.exit(2);
    }
  }
  if (result.disk === undefined) result.disk = result.go && !hasAssets() && !hasCachedBuild() ? 6000 : 300;
  return result;
}

function checkDependencies() {
  const present = ['vitest', 'yaml', 'typescript'].every((name) =>
    fs.existsSync(path.join(root, 'node_modules', name, 'package.json')),
  );
  if (present) return [];
  return [{ what: 'The npm packages are not installed.', remedy: 'Run: npm ci' }];
}

/** npm scripts run on the Node in node_modules, whatever the system's: one of the two must be recent. */
function checkNode() {
  const running = process.version;
  if (major(running) >= NODE_MAJOR) return [];
  const installed = output(nodeInstalled, ['--version']);
  if (installed !== undefined && major(installed) >= NODE_MAJOR) return [];
  return [
    {
      what: `Node ${NODE_MAJOR} or later is needed; this is ${running} (${process.execPath}).`,
      remedy:
        'Run "npm ci", which brings Node ' +
        NODE_MAJOR +
        ' along (its install script must be allowed to run), ' +
        'or install it: https://nodejs.org/en/download',
    },
  ];
}

function checkGo() {
  if (hasAssets() || hasCachedBuild()) return [];
  const wanted = /^go (\d+)\.(\d+)/m.exec(
    fs.readFileSync(path.join(root, 'test', 'cluster', 'control-plane', 'go.mod'), 'utf8'),
  );
  const need = `${wanted[1]}.${wanted[2]}`;
  const remedy =
    'Install it: https://go.dev/dl/ ; or set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver, ' +
    'kube-controller-manager and kubectl. "npm run test:unit" needs neither.';
  const version = output('go', ['version']);
  if (version === undefined) {
    return [
      {
        what: `Go ${need} or later is needed to build Kubernetes, and "go" is not in PATH.`,
        remedy: remedy,
      },
    ];
  }
  const found = /\bgo(\d+)\.(\d+)/.exec(version);
  if (found !== null && !older(found, wanted)) return [];
  // Since 1.21 Go fetches the toolchain that a module asks for, unless told not to.
  const fetchesToolchain = found !== null && !older(found, [null, '1', '21']);
  if (fetchesToolchain && !/^(local|path)/.test(output('go', ['env', 'GOTOOLCHAIN']) || '')) return [];
  return [
    {
      what: `Go ${need} or later is needed to build Kubernetes; this is "${version}".`,
      remedy: remedy,
    },
  ];
}

function older(found, wanted) {
  const difference = Number(found[1]) - Number(wanted[1]);
  return difference === 0 ? Number(found[2]) < Number(wanted[2]) : difference < 0;
}

function hasAssets() {
  return (process.env.KUBEBUILDER_ASSETS || '') !== '';
}

/** Any finished build counts here; whether it is the right one, only a build can tell. */
function hasCachedBuild() {
  const cache = path.join(
    process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'),
    'dialops',
    'control-plane',
  );
  try {
    return fs.readdirSync(cache).some((name) => fs.existsSync(path.join(cache, name, 'kubectl')));
  } catch (_) {
    return false;
  }
}

function checkDisk(megabytes) {
  const places = [root, os.tmpdir()].concat(options.go ? [os.homedir()] : []);
  return places.reduce((found, place) => {
    const free = freeMegabytes(place);
    if (free === undefined || free >= megabytes) return found;
    return found.concat([
      {
        what: `${megabytes} MB of disk are needed at ${place}; ${free} MB are free.`,
        remedy: 'Free some space; XDG_CACHE_HOME, GOPATH, GOCACHE and TMPDIR move what is large elsewhere.',
      },
    ]);
  }, []);
}

/** undefined where it cannot be found out: that is no reason to stop anybody. */
function freeMegabytes(place) {
  const lines = (output('df', ['-Pk', place]) || '').split('\n');
  const columns = (lines[1] || '').trim().split(/\s+/);
  const kilobytes = Number(columns[columns.length - 3]);
  return lines.length < 2 || Number.isNaN(kilobytes) ? undefined : Math.floor(kilobytes / 1024);
}

function major(version) {
  return Number((/^v?(\d+)/.exec(version) || [])[1] || 0);
}

/** What the command prints, without the last newline; undefined when it fails or does not exist. */
function output(command, args) {
  const result = childProcess.spawnSync(command, args, { encoding: 'utf8', timeout: 20000 });
  return result.error || result.status !== 0 ? undefined : result.stdout.trim();
}
