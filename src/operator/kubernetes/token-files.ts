import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { isJsonArray, isJsonObject, type Json } from '../../foundation/json.ts';

/**
 * `tokenFile` of kubeconfig users, which @kubernetes/client-node reads as `token-file`, a field that no kubeconfig
 * has: such a user would be nobody. As for a pod's service account the file is then read again every minute; it goes
 * before `token`, as with kubectl.
 */
export function useTokenFiles(config: KubeConfig, files: readonly string[]): void {
  const tokenFiles = new Map(files.toReversed().flatMap(tokenFilesIn));
  if (tokenFiles.size === 0) return;
  config.loadFromOptions({
    clusters: config.getClusters(),
    contexts: config.getContexts(),
    currentContext: config.getCurrentContext(),
    users: config.getUsers().map((user) => {
      const tokenFile = tokenFiles.get(user.name);
      if (tokenFile === undefined) return user;
      const { token: _token, ...others } = user;
      return { ...others, authProvider: { name: 'tokenFile', config: { tokenFile } } };
    }),
  });
}

/** The files that kubectl reads when none is named. */
export function defaultKubeConfigFiles(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const named = (env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  return named.length > 0 ? named : [join(homedir(), '.kube', 'config')];
}

/** By name of the user. What can't be read here was refused before, or is not there. */
function tokenFilesIn(file: string): [string, string][] {
  let document: Json;
  try {
    document = parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
  const users = isJsonObject(document) && isJsonArray(document.users) ? document.users : [];
  return users.filter(isJsonObject).flatMap(({ name, user }): [string, string][] => {
    const tokenFile = isJsonObject(user) ? user.tokenFile : undefined;
    if (typeof name !== 'string' || typeof tokenFile !== 'string') return [];
    return [[name, resolve(dirname(file), tokenFile)]];
  });
}
