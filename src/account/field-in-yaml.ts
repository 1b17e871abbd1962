/** As it stands in the YAML: `directory.visible#user` is what `directory.visible` does in a second place. */
export function fieldInYaml(field: string): string {
  return field.split('#')[0] ?? field;
}
