/** How a lock file begins, as comments. */
export const lockHead = [
  ' Made by dialops: what it knows of the account that these files shape. Commit it; do not edit it.',
  ' It holds no secrets. Without it nothing is renamed, removed or made again.',
]
  .map((line) => `#${line}\n`)
  .join('');

const [firstLine = ''] = lockHead.split('\n');
const foreignLine = /^(?!#|version:|customerId:|removals:|resources:)\S/m;

/**
 * Is it the lock that lies in the folder of the resources? It declares nothing, and may be thousands of times larger than
 * what does. A file that only begins like one, and holds something else, is none: nothing hides behind these words.
 */
export function isLockText(text: string): boolean {
  return text.startsWith(firstLine) && !foreignLine.test(text);
}
