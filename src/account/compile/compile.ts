import type { DesiredAccount } from '../desired.ts';
import { AccountIndex } from './account-index.ts';
import { Compilation } from './compilation.ts';
import { DeviceClaims } from './device-claims.ts';
import { compileExtension } from './extension.ts';
import { bindExtensions } from './extension-binding.ts';
import type { CompileInput } from './input.ts';
import { compileInvitations } from './invitations.ts';
import { LicenseSeats } from './license-seats.ts';
import { NumberClaims } from './number-claims.ts';
import { compilePortingOrders } from './porting-order.ts';
import { compilePrivilegeGrants } from './privilege-grant.ts';
import { ShortNumbers } from './short-numbers.ts';
import { compileUserProfiles } from './user-profile.ts';

/**
 * Turns resources into the account that they want. Pure, and the order of the resources does not matter. A
 * resource with a problem is left out and named in `problems`; it never holds another one up.
 *
 * @param index of `input.observed`, where there is one already
 */
export function compile(
  input: CompileInput,
  index: AccountIndex = new AccountIndex(input.observed),
): DesiredAccount {
  const work = new Compilation(input, index);
  const profiles = compileUserProfiles(work);
  const extensions = bindExtensions(work, profiles);
  const claims = new NumberClaims(work, extensions, input.resources);
  claims.manage(extensions);
  const pools = {
    seats: new LicenseSeats(),
    claims,
    devices: new DeviceClaims(work, extensions),
    shortNumbers: new ShortNumbers(work, extensions),
  };
  for (const extension of extensions) compileExtension(work, extension, pools);
  const needsLogin = new Set(compilePrivilegeGrants(work, profiles));
  compilePortingOrders(work, extensions);
  for (const extension of extensions) {
    // One that is not made for a fault in its YAML is nothing to log in for.
    if (extension.profile && !extension.deleting && !work.isRefused(extension.key)) {
      needsLogin.add(extension.profile.key);
    }
  }
  for (const profile of profiles.values())
    if (profile.resource.spec.licenses?.length) needsLogin.add(profile.key);
  const invitations = compileInvitations(work, profiles, needsLogin);
  // First the objects: where two resources contradict each other shows only now.
  const objects = work.objects();
  return {
    objects,
    problems: work.problems,
    needs: work.needs,
    declarations: work.declarations(),
    leftAlone: work.leftAlone,
    granted: work.granted,
    invitations,
    dueEdits: extensions.flatMap((extension) => (extension.deleting ? [] : claims.dueEdits(extension))),
  };
}
