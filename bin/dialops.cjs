#!/usr/bin/env node
// Starts dialops on a Node that can run it; as kubectl-dialops it is a plugin of kubectl. Written in ES5, because an
// old Node must be able to say that it is too old.
'use strict';

var childProcess = require('child_process');
var fs = require('fs');
var path = require('path');

var NODE_MAJOR = 24;
var root = path.join(__dirname, '..');
var main = findMain();
var ownNode = path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

if (isRecent(process.version)) {
  if (isComplete()) require(main);
} else if (fs.existsSync(ownNode) && isRecent(versionOf(ownNode))) {
  if (isComplete()) runWith(ownNode);
} else {
  fail([
    ['dialops needs Node', NODE_MAJOR, 'or later; this is', process.version, process.execPath].join(' '),
    'In a checkout "npm ci" brings it along; elsewhere install it: https://nodejs.org/en/download',
  ]);
}

function isComplete() {
  if (main !== undefined) return true;
  fail([
    ['dialops is not complete: there is neither dist nor src beside', __dirname].join(' '),
    'In a checkout "npm run build" makes dist; elsewhere install the package anew.',
  ]);
  return false;
}

// A checkout runs its sources: what was built there some time ago may be another program. A package runs what was
// built, and has nothing else; below node_modules Node takes no TypeScript either.
function findMain() {
  var source = path.join(root, 'src', 'cli', 'main.ts');
  var built = path.join(root, 'dist', 'cli', 'main.js');
  var installed = root.split(path.sep).indexOf('node_modules') !== -1;
  var candidates = installed ? [built] : [source, built];
  return candidates.filter(fs.existsSync)[0];
}

function isRecent(version) {
  var match = /^v?(\d+)/.exec(version);
  return match !== null && Number(match[1]) >= NODE_MAJOR;
}

function versionOf(executable) {
  var result = childProcess.spawnSync(executable, ['--version'], { encoding: 'utf8', timeout: 20000 });
  return result.error ? '' : String(result.stdout).trim();
}

function runWith(executable) {
  var child = childProcess.spawn(executable, [main].concat(process.argv.slice(2)), { stdio: 'inherit' });
  passOn(child, 'SIGINT');
  passOn(child, 'SIGTERM');
  passOn(child, 'SIGHUP');
  if (process.env.npm_command !== undefined) endWithNpm(child);
  child.on('error', function failed(error) {
    fail(['dialops cannot start', executable, error.message]);
  });
  child.on('exit', function ended(code, signal) {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function passOn(child, name) {
  process.on(name, function received() {
    // Ctrl-C in a terminal reaches both of us; passed on as well it would count as the second one.
    if (name !== 'SIGINT' || !process.stdin.isTTY) child.kill(name);
  });
}

// npm passes signals on to the shell that it starts us in, which dies of them and tells nobody.
function endWithNpm(child) {
  var parent = process.ppid;
  var looking = setInterval(function look() {
    if (process.ppid === parent) return;
    clearInterval(looking);
    child.kill('SIGTERM');
  }, 500);
  looking.unref();
}

function fail(lines) {
  process.stderr.write(lines.concat('').join('\n'));
  process.exit(1);
}
