/**
 * Kubernetes' MicroTime: RFC 3339 with exactly six fractional digits. Leases and Events refuse the three of
 * `toISOString()`; a leader election that overlooks it never elects anyone while all pods look healthy.
 */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
