import type { TestProject } from 'vitest/node';
import { systemClock } from '../../src/foundation/clock.ts';
import type { ClusterConnection } from './cluster-access.ts';
import { startControlPlane } from './control-plane.ts';
import { installCustomResourceDefinitions } from './custom-resource-definitions.ts';

declare module 'vitest' {
  interface ProvidedContext {
    controlPlane: ClusterConnection;
  }
}

/** One control plane for all files of the project. Without one the run fails: these tests are never skipped. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const controlPlane = await startControlPlane({
    clock: systemClock,
    log: (line) => void process.stderr.write(`${line}\n`),
    auditLog: true,
  });
  try {
    await installCustomResourceDefinitions(controlPlane.kubectl);
  } catch (error) {
    await controlPlane.stop();
    throw error;
  }
  const { server, certificateAuthority, adminKubeconfig, kubectlExecutable, folder, auditLogPath } =
    controlPlane;
  project.provide('controlPlane', {
    server,
    certificateAuthority,
    adminKubeconfig,
    kubectlExecutable,
    folder,
    ...(auditLogPath === undefined ? {} : { auditLogPath }),
  });
  return () => controlPlane.stop();
}
