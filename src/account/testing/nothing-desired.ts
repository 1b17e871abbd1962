import type { DesiredAccount } from '../desired.ts';

/** What no resource at all wants of an account. */
export const nothingDesired: DesiredAccount = {
  objects: [],
  problems: [],
  needs: [],
  declarations: new Map(),
  leftAlone: new Map(),
  granted: new Map(),
  invitations: new Map(),
  dueEdits: [],
};
