// Every screen, wide and narrow, light and dark: accessible by axe's rules, without a mistake on the console, and with
// a picture of it in build/screenshots. The first load stays small.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  allOf,
  narrow,
  openPage,
  scrolledTables,
  Server,
  shoot,
  startBrowser,
  violations,
  visitorPage,
  wide,
} from './harness.mjs';
import { fill, screens } from './screens.mjs';

// Each is loaded in its first colours and follows the system into the others.
const windows = [
  ['wide', wide, 'light', 'dark'],
  ['narrow', narrow, 'dark', 'light'],
];
const largestFirstLoad = 330 * 1024; // bytes as sent: brotli where it pays, fonts as they are

let server;
let browser;
let pages; // one a window

before(async () => {
  server = await new Server({ CLARION_SIM_FAILURE_RATE: '0.1' }).start();
  browser = await startBrowser();
  pages = await Promise.all(windows.map(([, viewport]) => visitorPage(browser, { viewport })));
  await fill(server);
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const sections = (page) => page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Templates' });

for (const [name, path, sign] of screens) {
  test(`${name} is accessible, wide and narrow, light and dark`, () =>
    allOf(
      windows.map(async ([width, , ...schemes], index) => {
        const page = pages[index];
        page.problems = [];
        await page.emulateMedia({ colorScheme: schemes[0] });
        await page.goto(server.address + path);
        await page.getByText(sign).first().waitFor();
        await page.waitForLoadState('networkidle');
        for (const scheme of schemes) {
          const look = `${width}-${scheme}`;
          await page.emulateMedia({ colorScheme: scheme });
          await page.waitForFunction((wanted) => document.documentElement.style.colorScheme === wanted, scheme);
          await shoot(page, `${name}-${look}`);
          assert.deepEqual(await violations(page), [], look);
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          assert.ok(overflow <= 0, `${look}: the page is ${overflow} px wider than its window`);
          assert.deepEqual(await scrolledTables(page), [], `${look}: tables that have to be scrolled sideways`);
          assert.deepEqual(page.problems, [], look);
        }
      }),
    ));
}

test('the sections are closed and opened by their own buttons', async () => {
  const page = await openPage(browser, server, { path: '/settings' });
  await sections(page).waitFor();
  await page.getByRole('button', { name: 'Close the sections' }).first().click();
  await sections(page).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Open the sections' }).first().click();
  await sections(page).waitFor();
  await page.getByRole('button', { name: 'Close the sections' }).first().focus();
  await page.keyboard.press('Enter');
  await sections(page).waitFor({ state: 'hidden' });
  await page.context().close();
});

test('the first load is small, compressed and kept', async () => {
  const page = await openPage(browser, server, { path: '/' });
  await page.getByText('In sum').first().waitFor();
  const loaded = await page.evaluate(() =>
    [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]
      .filter((entry) => !entry.name.includes('/api/'))
      .map((entry) => ({ name: entry.name, bytes: entry.encodedBodySize })),
  );
  await page.context().close();
  const bytes = loaded.reduce((sum, entry) => sum + entry.bytes, 0);
  console.log(`first load: ${Math.round(bytes / 1024)} kB in ${loaded.length} files`);
  assert.ok(bytes > 0 && bytes <= largestFirstLoad, `${bytes} bytes: ${JSON.stringify(loaded)}`);
});

test('the keyboard alone reaches the first campaign', async () => {
  const page = await openPage(browser, server, { path: '/campaigns/new' });
  const field = page.getByLabel('Who should hear about it?');
  await field.waitFor();
  for (let presses = 0; presses < 40; ++presses) {
    if (await field.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.type('customers in Bangalore');
  await page.keyboard.press('Enter');
  await page.getByText('Will get a message').first().waitFor();
  await page.context().close();
});
