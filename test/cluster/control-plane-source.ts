import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The Go module that the control plane is built from. */
export const SOURCE_FOLDER = fileURLToPath(new URL('control-plane/', import.meta.url));

/** What to build, for which machine, and the name under which the result is cached. */
export interface ControlPlaneSource {
  /** e.g. v1.36.3, from go.mod */
  readonly kubernetesVersion: string;
  readonly goos: string;
  readonly goarch: string;
  readonly ldflags: string;
  /** Changes with everything that the result depends on. */
  readonly cacheKey: string;
}

const GOOS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };
const GOARCH: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** @throws Error on a machine for which no control plane can be built */
export async function readSource(platform: string, arch: string): Promise<ControlPlaneSource> {
  const goos = GOOS[platform];
  const goarch = GOARCH[arch];
  if (goos === undefined || goarch === undefined) {
    throw new Error(
      `The control plane is built for Linux and macOS on x64 and arm64, not for ${platform} on ${arch}. ` +
        'Set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver, kube-controller-manager and kubectl.',
    );
  }
  const goMod = await readFile(join(SOURCE_FOLDER, 'go.mod'), 'utf8');
  const kubernetesVersion = /^\s*k8s\.io\/kubernetes (v\d+\.\d+\.\d+\S*)/m.exec(goMod)?.[1];
  if (kubernetesVersion === undefined) throw new Error('control-plane/go.mod requires no k8s.io/kubernetes');
  const ldflags = linkerFlags(kubernetesVersion);

  const mains: string[] = [];
  for await (const file of glob('cmd/**/*.go', { cwd: SOURCE_FOLDER })) mains.push(file);
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum', ...mains.sort()]) {
    hash.update(`${file}\n`).update(await readFile(join(SOURCE_FOLDER, file)));
  }
  hash.update(`${ldflags}\n${goos}/${goarch}\n`);
  return { kubernetesVersion, goos, goarch, ldflags, cacheKey: hash.digest('hex') };
}

/** A release build stamps its version into two packages; without it everything claims to be v0.0.0-master. */
function linkerFlags(version: string): string {
  const [major = '', minor = ''] = version.slice(1).split('.');
  const values = {
    gitVersion: version,
    gitMajor: major,
    gitMinor: minor,
    gitCommit: '',
    gitTreeState: 'clean',
  };
  const stamps = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) =>
    Object.entries(values).map(([name, value]) => `-X ${path}.${name}=${value}`),
  );
  return ['-s', '-w', ...stamps].join(' ');
}
