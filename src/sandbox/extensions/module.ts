import type { SandboxModule } from '../core.ts';
import { discoveryModule } from './discovery.ts';
import { extensionModule } from './extension/extensions.ts';
import { invitationsModule } from './invitations/invitations.ts';
import { listsModule } from './lists.ts';
import { portingModule } from './porting/orders.ts';
import { administratorsModule } from './privileges/administrators.ts';
import { extensionSettingsModule } from './settings/extension-settings.ts';
import { profileSettingsModule } from './settings/profile-settings.ts';

/** All that the sandbox offers beyond the published API. */
export const extensionsModule: SandboxModule = (core) => {
  discoveryModule(core);
  extensionModule(core);
  extensionSettingsModule(core);
  profileSettingsModule(core);
  administratorsModule(core);
  portingModule(core);
  invitationsModule(core);
  listsModule(core);
};
