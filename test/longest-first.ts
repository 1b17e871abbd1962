import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Those that take about a minute and more, the longest first. The demos keep to the published request limits and mostly
 * wait: begun last, as their small size would have it, they alone would keep a run going for minutes.
 */
const longest = [
  'demo-existing',
  'demo-without-cluster',
  'operator-deletion',
  'demo',
  'operator-restart',
  'operator-faults',
  'operator-kill',
  'operator-port',
  'operator-company',
  'same-decisions',
].map((name) => `/test/cluster/${name}.test.ts`);

/** Begins with the files that are known to take long; the others in vitest's own order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const place = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex((path) => moduleId.endsWith(path));
      return found === -1 ? longest.length : found;
    };
    return others.toSorted((a, b) => place(a) - place(b));
  }
}
