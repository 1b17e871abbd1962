import { KubeConfig } from '@kubernetes/client-node';
import { defaultKubeConfigFiles, useTokenFiles } from './token-files.ts';

/** Where the address of the API server and the credentials come from. */
export type ClusterSource =
  /** The pod's service account, whose token is read again every minute; `root` is for tests: what stands before its path. */
  | { readonly kind: 'inCluster'; readonly root?: string }
  /** A kubeconfig file; without `context`, its current one. */
  | { readonly kind: 'file'; readonly file: string; readonly context?: string }
  /** KUBECONFIG, then ~/.kube/config, then the pod's service account, as kubectl does. */
  | { readonly kind: 'default'; readonly context?: string };

/** Reads the configuration afresh. Throws an error that names the file or the context when it cannot. */
export function loadKubeConfig(source: ClusterSource): KubeConfig {
  const config = new KubeConfig();
  switch (source.kind) {
    case 'inCluster':
      if (!process.env.KUBERNETES_SERVICE_HOST) {
        throw new Error(
          'Not running in a pod (KUBERNETES_SERVICE_HOST is not set): give a kubeconfig file instead',
        );
      }
      config.loadFromCluster(source.root);
      break;
    case 'file':
      try {
        config.loadFromFile(source.file);
      } catch (error) {
        throw new Error(`Cannot read the kubeconfig file ${source.file}`, { cause: error });
      }
      useTokenFiles(config, [source.file]);
      useContext(config, source.context, source.file);
      break;
    case 'default':
      loadDefault(config);
      useTokenFiles(config, defaultKubeConfigFiles());
      useContext(config, source.context, 'the kubeconfig');
      break;
  }
  if (!config.getCurrentCluster()) {
    throw new Error(`The kubeconfig's context ${config.getCurrentContext() ?? '(none)'} names no cluster`);
  }
  return config;
}

/** What the library takes when it finds nothing at all: an address where hardly ever anything listens. */
const nowhere = 'http://localhost:8080';

function loadDefault(config: KubeConfig): void {
  try {
    config.loadFromDefault();
  } catch (error) {
    const files = defaultKubeConfigFiles().join(', ');
    throw new Error(`Cannot read the kubeconfig (${files}); KUBECONFIG or --kubeconfig names another`, {
      cause: error,
    });
  }
  if (config.getCurrentContext() === 'loaded-context' && config.getCurrentCluster()?.server === nowhere) {
    throw new Error(
      'No cluster is configured: there is neither KUBECONFIG nor ~/.kube/config, and this is no pod. Set ' +
        'KUBECONFIG, or give --kubeconfig FILE',
    );
  }
}

function useContext(config: KubeConfig, context: string | undefined, where: string): void {
  if (context === undefined) return;
  if (!config.getContextObject(context)) {
    const known = config.getContexts().map((each) => each.name);
    throw new Error(`No context ${context} in ${where}; it has: ${known.join(', ') || 'none'}`);
  }
  config.setCurrentContext(context);
}
