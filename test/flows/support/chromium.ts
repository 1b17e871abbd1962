import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium of this machine that talks to nobody by itself. `CHROMIUM` names another one. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = [process.env.CHROMIUM, ...places].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (executablePath === undefined) {
    throw new Error(
      `The report is looked at in a Chromium: install one (${places.join(', ')}), or name it in CHROMIUM`,
    );
  }
  return await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-default-apps',
      '--disable-sync',
      '--no-first-run',
      '--no-pings',
    ],
  });
}
