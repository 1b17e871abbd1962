import { expect, it } from 'vitest';
import type { JsonObject } from '../foundation/json.ts';
import { withOneDirectoryFlag } from './directory-flag.ts';

const ofUser = ['directoryInfo', 'displayInDirectory'];
const ofDesk = ['serviceInfo', 'extensions', { by: 'id', is: 'desk' }, 'displayInDirectory'];

/** A user with a UC extension `desk`, another `lab`, and a CC extension `calls`. */
function user(flags: { user: boolean; desk: boolean; lab: boolean; calls: boolean }): JsonObject {
  return {
    basicInfo: { userName: 'jane@example.com' },
    directoryInfo: { displayInDirectory: flags.user, jobTitle: 'Clerk' },
    serviceInfo: {
      licenses: [],
      extensions: [
        { id: 'desk', extensionType: 'UC', displayInDirectory: flags.desk, hotDeskEnabled: true },
        { id: 'lab', extensionType: 'UC', displayInDirectory: flags.lab },
        { id: 'calls', extensionType: 'CC', displayInDirectory: flags.calls },
      ],
    },
  };
}

it('writes what is declared of the user to the UC extensions, and to no other', () => {
  const body = user({ user: false, desk: true, lab: true, calls: true });
  expect(withOneDirectoryFlag(body, [ofUser])).toEqual(
    user({ user: false, desk: false, lab: false, calls: true }),
  );
});

it('writes what is declared of a UC extension to its user and the other UC extensions', () => {
  const body = user({ user: true, desk: false, lab: true, calls: true });
  expect(withOneDirectoryFlag(body, [ofDesk])).toEqual(
    user({ user: false, desk: false, lab: false, calls: true }),
  );
});

it('leaves the flags of a CC extension, and of a user without a UC extension, to themselves', () => {
  const body = user({ user: true, desk: true, lab: true, calls: false });
  const ofCalls = ['serviceInfo', 'extensions', { by: 'id', is: 'calls' }, 'displayInDirectory'];
  expect(withOneDirectoryFlag(body, [ofCalls])).toEqual(body);
  const alone = { directoryInfo: { displayInDirectory: false }, serviceInfo: { extensions: [] } };
  expect(withOneDirectoryFlag(alone, [ofUser])).toEqual(alone);
});

it('touches neither flag when a write is about something else', () => {
  const body = user({ user: true, desk: false, lab: true, calls: true });
  expect(withOneDirectoryFlag(body, [['directoryInfo', 'jobTitle']])).toEqual(body);
});

it('gives an extension that is being added the flag of its user', () => {
  const added = (more: JsonObject) => ({
    directoryInfo: { displayInDirectory: false },
    serviceInfo: { extensions: [{ extensionNumber: '1001', extensionType: 'UC', ...more }] },
  });
  expect(withOneDirectoryFlag(added({}), [])).toEqual(added({ displayInDirectory: false }));
});
