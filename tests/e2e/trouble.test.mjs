// What every screen shows while the server is slow, cannot be reached or cannot do its work: a shape of what comes, a reason
// with a next step, never a figure or an "empty" that nobody has said. Then the page goes on by itself.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { answerQuietHours, openPage, Server, shoot, startBrowser, violations, visitorPage } from './harness.mjs';
import { fill, screens } from './screens.mjs';

const server = new Server({ CLARION_SIM_FAILURE_RATE: '0.1' });
let browser;
before(async () => {
  await server.start();
  browser = await startBrowser();
  await fill(server);
});
after(async () => {
  await browser?.close();
  await server.end();
});

const asking = screens.filter(([name]) => name !== 'nowhere'); // that one asks for nothing
const atOnce = { concurrency: 8 }; // each mostly waits for the page to ask again
const api = /\/api\/|\/readyz$/;

const problem = {
  status: 503,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    type: 'about:blank',
    title: 'Not available',
    status: 503,
    detail: 'the ledger cannot be read',
    request_id: 'r-1',
  }),
};
const refuse = (route) => route.fulfill(problem);
const cut = (route) => route.abort('connectionrefused');
// What a screen says of nothing; wrong as long as nobody has answered.
const ofNothing =
  /No campaign yet|Nothing is |Nobody was|No template|No contact yet|No segment yet|No delivery|No address is|No email was sent|There is no (sms|whatsapp|email) template/;

const shape = '.waiting:visible, tbody tr[aria-hidden="true"]:visible'; // of text, of the rows of a table
const mostShift = 0.1; // Cumulative Layout Shift, of which web.dev calls this much good
function watchShifts() {
  globalThis.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.shift += entry.hadRecentInput ? 0 : entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
}
// Calls act(page), with a page of its own, which has to end without mistakes of its own.
async function onPage(options, act) {
  const page = await openPage(browser, server, options);
  try {
    await act(page);
    assert.deepEqual(page.problems, []);
  } finally {
    await page.context().close();
  }
}
// The same for one screen whose requests handle(route) answers, on a page that was used before where one is free.
const free = [];
async function visit(path, handle, act) {
  const page = free.pop() ?? (await visitorPage(browser, { prepare: (opened) => opened.addInitScript(watchShifts) }));
  page.problems = [];
  await page.route(api, handle);
  try {
    await page.goto(server.address + path);
    await act(page);
    assert.deepEqual(page.problems, []);
  } finally {
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.goto('about:blank');
    free.push(page);
  }
}
const button = (page, name) => page.getByRole('button', { name, exact: true });
const shows = (page, text) => page.getByText(text).first().waitFor();
const words = (page) => page.locator('main').innerText();

describe('a server that is slow, away or in trouble', atOnce, () => {
  test('each step of a new campaign says what could not be read, and goes on', () =>
    onPage({ path: '/campaigns/new' }, async (page) => {
      const fails = async (what, act, ...signs) => {
        await page.route(what, refuse);
        await act();
        for (const sign of signs) await shows(page, sign);
        await page.unroute(what);
      };
      const next = () => button(page, 'Next').click();
      const again = () => button(page, 'Try again').click();
      const sentence = page.getByLabel('Who should hear about it?');

      await sentence.fill('customers in Bangalore with sms consent');
      await fails('**/api/audience/preview', () => button(page, 'Find people').click(), 'The ledger cannot be read.');
      await fails('**/api/audience/fields', again, 'Will get a message', /look at its log/);
      await again();
      await shows(page, 'City');
      await next();
      await shows(page, 'How channels are chosen');
      await fails(
        '**/api/audience/preview',
        () => page.getByLabel('Exploration share in percent').fill('0'),
        'Not available',
      );
      await next();
      await shows(page, 'There is no plan for this');
      await again();
      await page.getByText('Not available').waitFor({ state: 'detached' });
      await fails('**/api/templates', next, 'Not available');
      await again();
      await shows(page, 'Reply STOP to opt out');
      await fails(
        '**/api/quotas',
        async () => {
          await next();
          await page.getByLabel('Messages per second on each channel').fill('20');
        },
        'What the providers allow could not be read',
      );
      await answerQuietHours(page);
      await next();
      await shows(page, 'The server can record and send.');
      await page.route(/\/readyz$/, cut);
      await page.route('**/api/installation', refuse);
      await page.reload();
      await shows(page, 'The server does not answer; the page asks again by itself.');
      await shows(page, 'The server does not say what is set up; the page asks again by itself.');
      await button(page, 'Simulate').click();
      await shows(page, 'A check failed: ');
      await page.unroute(/\/readyz$/);
      await page.unroute('**/api/installation');
      await shows(page, 'The server can record and send.');
      await shows(page, 'Set up for sending: ');
    }));

  for (const path of ['/', '/campaigns/spring', '/quotas']) {
    test(`what cannot be counted is not shown as nothing: ${path}`, () =>
      onPage({ path, prepare: (opened) => opened.route('**/api/analytics/**', refuse) }, async (page) => {
        await shows(page, 'The ledger cannot be read.');
        assert.doesNotMatch(await words(page), /Nobody was|No email was sent/);
        await page.unroute('**/api/analytics/**');
        await button(page, 'Try again').first().click();
        await page.getByText('Not available').first().waitFor({ state: 'detached' });
      }));
  }

  test('what is shown and cannot be renewed says since when', () =>
    onPage({ path: '/campaigns' }, async (page) => {
      await page.getByRole('link', { name: 'Spring', exact: true }).waitFor();
      let handle = refuse;
      await page.route('**/api/campaigns?*', (route) => handle(route));
      await shows(page, 'Some of what is shown may be out of date');
      await shows(page, /It is from .*\. The ledger cannot be read\./);
      await page.getByRole('link', { name: 'Spring', exact: true }).waitFor();
      assert.deepEqual(await violations(page), []);
      // Answered from the press on: the page's own next request would take the button away before it.
      let press;
      const isPressed = new Promise((resolve) => (press = resolve));
      handle = (route) => isPressed.then(() => route.continue().catch(() => {}));
      await button(page, 'Try again').click();
      press();
      await page.getByText('Some of what is shown').waitFor({ state: 'detached' });
    }));

  test('what is pressed without a connection is refused at once, and not sent when the connection is back', () =>
    onPage({ path: '/?q=everyone' }, async (page) => {
      await shows(page, 'Will get a message');
      for (let step = 0; step < 3; ++step) await button(page, 'Next').click();
      await page.getByLabel('Messages per second on each channel').fill('20');
      await answerQuietHours(page);
      await button(page, 'Next').click();
      await shows(page, 'The server can record and send.');
      const count = async () => (await server.call('GET', '/api/campaigns')).campaigns.length;
      const before = await count();
      await page.context().setOffline(true);
      await button(page, 'Simulate').click();
      await shows(page, 'The campaign was not started');
      await shows(page, /Check that the server runs/);
      await page.context().setOffline(false);
      await page.getByText('NO CONNECTION').waitFor({ state: 'detached' });
      assert.equal(await count(), before);
      await button(page, 'Simulate').click();
      await page.waitForURL(/\/campaigns\/c-/);
      assert.equal(await count(), before + 1);
    }));

  for (const [name, path, sign] of asking) {
    test(`a lost connection and a server in trouble are told with what to do, and pass by themselves: ${name}`, () => {
      let handle = cut;
      return visit(
        path,
        (route) => handle(route),
        async (page) => {
          await shows(page, 'No answer from the server');
          await shows(page, /Check that the server runs/);
          await page.getByText('NO CONNECTION').waitFor();
          assert.doesNotMatch(await words(page), ofNothing);

          handle = refuse;
          await page.getByRole('button', { name: 'Try again' }).first().click();
          await shows(page, /The ledger cannot be read\. The server could not do it now.*look at its log/);
          await shows(page, 'Request r-1');
          await page.getByText('SERVER TROUBLE').waitFor();
          assert.deepEqual(await violations(page), []);

          handle = (route) => route.continue();
          await page.locator('.environment', { hasText: 'LOCAL' }).waitFor();
          // A sentence is asked when somebody says so; everything else is asked again by the page.
          if (name === 'create') await page.getByRole('button', { name: 'Try again' }).click();
          await shows(page, sign);
          await page.getByText('Not available').first().waitFor({ state: 'detached' });
        },
      );
    });
  }

  for (const [name, path, sign] of asking) {
    test(`a slow server is waited for in the shape of what comes: ${name}`, async () => {
      let answer;
      const isAnswered = new Promise((resolve) => (answer = resolve));
      await visit(
        path,
        (route) => isAnswered.then(() => route.continue().catch(() => {})),
        async (page) => {
          try {
            await page.locator(shape).first().waitFor();
            await shoot(page, `slow-${name}`);
            assert.doesNotMatch(await words(page), ofNothing);
          } finally {
            answer();
          }
          await shows(page, sign);
          await page.locator(shape).first().waitFor({ state: 'detached' });
          const shift = await page.evaluate(() => globalThis.shift);
          assert.ok(shift <= mostShift, `what was shown has jumped: ${shift}`);
        },
      );
    });
  }
});
