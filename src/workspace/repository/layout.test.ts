import { expect, it } from 'vitest';
import type { UserProfile } from '../../resources/generated/user-profile.ts';
import { layOut } from './layout.ts';

function profile(name: string): UserProfile {
  return {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'UserProfile',
    metadata: { name },
    spec: {
      firstName: 'Jane',
      lastName: 'Example',
      email: `${name}@example.com`,
      site: { name: 'Headquarters' },
    },
  };
}

const imported = [
  { resource: profile('jane'), site: 'São Paulo' },
  { resource: profile('kustomization'), site: 'sao paulo' },
];

it('keeps apart sites whose names make one folder, and a person who is called as a file of kustomize', () => {
  const paths = layOut({ imported, layout: 'site' }).map(({ path }) => path);
  expect(paths.filter((path) => /jane|_kust/.test(path))).toEqual([
    expect.stringMatching(/^sites\/sao-paulo-[0-9a-f]{6}\/people\/(jane|_kustomization)\.yaml$/),
    expect.stringMatching(/^sites\/sao-paulo-[0-9a-f]{6}\/people\/(jane|_kustomization)\.yaml$/),
  ]);
  expect(new Set(paths).size).toBe(paths.length);
});

it('names in each kustomization exactly the files and folders beside it', () => {
  const files = layOut({ imported, layout: 'kind', namespace: 'acme' });
  const kustomizations = files.flatMap(({ content, path }) =>
    content.kind === 'kustomization' ? [[path, content.resources, content.namespace]] : [],
  );
  expect(kustomizations).toEqual([
    ['kustomization.yaml', ['people'], 'acme'],
    ['people/kustomization.yaml', ['_kustomization.yaml', 'jane.yaml'], undefined],
  ]);
});

it.each(['con', 'aux', 'nul', 'com1', 'lpt9'])(
  'names no file or folder as a device of Windows: %s',
  (name) => {
    const paths = layOut({ imported: [{ resource: profile(name), site: name }], layout: 'site' }).map(
      ({ path }) => path,
    );
    expect(paths).toContain(`sites/_${name}/people/_${name}.yaml`);
  },
);
