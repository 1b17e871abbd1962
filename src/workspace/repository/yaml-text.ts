import { Document, isMap, isScalar } from 'yaml';
import type { RepositoryFile } from './layout.ts';

/** Strings that older readers of YAML take for something else, such as `no` and `12:30`, are quoted. */
const style = { compat: 'yaml-1.1', aliasDuplicateObjects: false } as const;
const breadth = { lineWidth: 0, indentSeq: true } as const;

/**
 * The text of a file: keys in the order of the content, remarks as comments.
 * @param schema of the editor's modeline, relative to the root of the repository
 */
export function yamlText(file: RepositoryFile, schema: string | undefined): string {
  const { content, path } = file;
  if (content.kind === 'kustomization') {
    const { namespace, resources } = content;
    return textOf({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      ...(namespace === undefined ? {} : { namespace }),
      resources,
    });
  }
  const modeline =
    schema === undefined
      ? ''
      : `# yaml-language-server: $schema=${'../'.repeat(path.split('/').length - 1)}${schema}\n`;
  if (content.kind === 'phoneSystem') {
    const { apiKeySecretRef } = content.phoneSystem.spec;
    const secret = `# The key is in the Secret ${apiKeySecretRef.name}, which no repository holds.\n`;
    return modeline + secret + textOf(content.phoneSystem);
  }
  const { remarks, resource } = content.imported;
  return modeline + textOf(resource, remarks);
}

function textOf(value: object, remarks: Readonly<Record<string, string>> = {}): string {
  const document = new Document(value, style);
  for (const [field, remark] of Object.entries(remarks)) comment(document, field.split('.'), remark);
  return document.toString(breadth);
}

/** Beside the value where there is one, else at the end of the nearest object that is there. */
function comment(document: Document, path: readonly string[], remark: string): void {
  const value = document.getIn(['spec', ...path], true);
  const text = ` ${remark.replace(/\s+/g, ' ')}`;
  if (isScalar(value)) {
    value.comment = text;
    return;
  }
  for (let length = path.length - 1; length >= 0; length--) {
    const holder = document.getIn(['spec', ...path.slice(0, length)], true);
    if (!isMap(holder)) continue;
    holder.comment = [holder.comment, text].filter((part) => part).join('\n');
    return;
  }
}
