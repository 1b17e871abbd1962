import { validationRules } from '../src/resources/validation-rules.ts';

const intro = `# Validation rules

What \`dialops validate\` looks at, and what to do about a finding. Generated from
\`src/resources/validation-rules.ts\`.

Files are read as kubectl reads them: YAML 1.1, in which a plain \`no\` is false and \`0123\` is 83. Objects of other
API groups are passed over and counted; their content is not looked at. A Secret among them is never shown. So are
the patches that a kustomization in a folder names: of overlays, validate what they make, as in
\`kubectl kustomize overlays/production | dialops validate -\`.

The verdict on a single resource is that of the API server on a create with strict field validation. A cluster test
holds it to that on thousands of generated manifests. It is stricter in two things only: a resource needs a
\`metadata.name\` (\`kubectl apply\` takes no \`generateName\` either), and a list is refused where a time or date
is asked for, which the API server lets pass. The content of \`managedFields\` is not looked at. Rules on what an edit may change need the former value and are left to
the API server.

What only all resources together show comes from the compiler that the operator uses, on an account that has every
site, group, policy and licence that the files name. What needs the real account is not checked: whether these exist,
numbers in its inventory, free licences, users that are there already, the names of privileges, Secrets.

When a file can't be read or parsed, what it declares is unknown: references are not checked then, since what they
name may stand in that file.
`;

/** docs/validation-rules.md */
export function validationRulesPage(): string {
  const rows = Object.entries(validationRules).map(
    ([id, { meaning, remedy, severity }]) => `| \`${id}\` | ${severity} | ${meaning} | ${remedy} |`,
  );
  return [intro, '| rule | severity | meaning | remedy |', '| --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}
