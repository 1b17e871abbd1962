import { expect, test } from 'vitest';
import { Driver, fields } from '../testing/driver.ts';

test('every extension has settings, by default those of its site', async () => {
  const driver = new Driver();
  const rows = await driver.rows('/extension-settings');
  expect(rows.length).toBe(driver.company.extensions.length);
  const site = driver.company.sites.find((one) => one.id === driver.company.extensions[0]?.siteId);
  expect(rows[0]).toMatchObject({
    timezone: site?.settings.timezone,
    communicationPreferences: { dateFormat: 'MDY', timeFormat: 'H12' },
    workSettings: { desktopApp: true, faxEnabled: false, screenPopUrl: null },
  });
});

test('a PUT replaces them: what is left out goes back to its default', async () => {
  const driver = new Driver();
  const path = `/extension-settings/${driver.company.extensions[0]?.id}`;
  const defaults = (await driver.get(path)).body;
  const communicationPreferences = { language: 'en-GB', dateFormat: 'DMY', timeFormat: 'H24' };
  await driver.written('PUT', path, { timezone: 'Europe/London', communicationPreferences });
  expect((await driver.get(path)).body).toMatchObject({
    timezone: 'Europe/London',
    communicationPreferences,
  });
  expect(await driver.rows('/extension-settings?filter=timezone==Europe/London')).toHaveLength(1);
  await driver.written('PUT', path, {});
  expect((await driver.get(path)).body).toEqual(defaults);
  expect(await driver.audit('extension')).toHaveLength(2);
});

test('each wrong value is named', async () => {
  const driver = new Driver();
  const path = `/extension-settings/${driver.company.extensions[0]?.id}`;
  const answer = await driver.request('PUT', path, {
    extensionId: 'other',
    timezone: 'Mars/Olympus',
    communicationPreferences: { language: 'xx-XX', timeFormat: '12' },
    workSettings: { webApp: 'yes', screenPopUrl: 'ftp://example.com' },
  });
  expect(fields(answer)).toEqual([
    'extensionId',
    'timezone',
    'communicationPreferences.language',
    'communicationPreferences.timeFormat',
    'workSettings.webApp',
    'workSettings.screenPopUrl',
  ]);
  expect((await driver.get('/extension-settings/nothing')).status).toBe(404);
});
