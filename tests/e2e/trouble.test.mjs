// What every screen shows while the server is slow, cannot be reached or cannot do its work: a shape of what comes, a reason
// with a next step, never a figure or an "empty" that nobody has said. Then the page goes on by itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerQuietHours, openPage, shoot, violations } from './harness.mjs';
import { fill, screens } from './screens.mjs';
import { startSuite } from './suite.mjs';

const { server, open, button, shows, browser } = startSuite({
  CLARION_SIM_FAILURE_RATE: '0.1',
});
const asking = screens.filter(([name]) => name !== 'nowhere'); // that one asks for nothing
const atOnce = { concurrency: 8 }; // each mostly waits for the page to ask again

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
const api = /\/api\/|\/readyz$/;
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
const words = (page) => page.locator('main').innerText();

test('the screens have something to show', () => fill(server));

for (const [name, path, sign] of asking) {
  test(`a slow server is waited for in the shape of what comes: ${name}`, async () => {
    let answer;
    const isAnswered = new Promise((resolve) => (answer = resolve));
    const page = await open({
      path,
      prepare: async (opened) => {
        await opened.addInitScript(watchShifts);
        await opened.route(api, (route) => isAnswered.then(() => route.continue().catch(() => {})));
      },
    });
    await page.locator(shape).first().waitFor();
    await shoot(page, `slow-${name}`);
    assert.doesNotMatch(await words(page), ofNothing);
    answer();
    await page.getByText(sign).first().waitFor();
    await page.locator(shape).first().waitFor({ state: 'detached' });
    const shift = await page.evaluate(() => globalThis.shift);
    // A sentence brings its conditions first and the people afterwards, below them.
    assert.ok(name === 'create' || shift <= mostShift, `what was shown has jumped: ${shift}`);
  });
}

test(
  'a lost connection and a server in trouble are told with what to do, and pass by themselves',
  atOnce,
  async (t) => {
    await Promise.all(
      asking.map(([name, path, sign]) =>
        t.test(name, async () => {
          let handle = cut;
          const page = await openPage(browser(), server, {
            path,
            prepare: (opened) => opened.route(api, (route) => handle(route)),
          });
          try {
            await page.getByText('No answer from the server').first().waitFor();
            await page
              .getByText(/Check that the server runs/)
              .first()
              .waitFor();
            await page.getByText('NO CONNECTION').waitFor();
            assert.doesNotMatch(await words(page), ofNothing);

            handle = refuse;
            await page.getByRole('button', { name: 'Try again' }).first().click();
            await page
              .getByText(/The ledger cannot be read\. The server could not do it now.*look at its log/)
              .first()
              .waitFor();
            await page.getByText('Request r-1').first().waitFor();
            await page.getByText('SERVER TROUBLE').waitFor();
            assert.deepEqual(await violations(page), []);

            handle = (route) => route.continue();
            await page.locator('.environment', { hasText: 'LOCAL' }).waitFor();
            // A sentence is asked when somebody says so; everything else is asked again by the page.
            if (name === 'create') await page.getByRole('button', { name: 'Try again' }).click();
            await page.getByText(sign).first().waitFor();
            await page.getByText('Not available').first().waitFor({ state: 'detached' });
            assert.deepEqual(page.problems, []);
          } finally {
            await page.context().close();
          }
        }),
      ),
    );
  },
);

test('what is shown and cannot be renewed says since when', async () => {
  const page = await open({ path: '/campaigns' });
  await page.getByRole('link', { name: 'Spring', exact: true }).waitFor();
  await page.route('**/api/campaigns?*', refuse);
  await shows('Some of what is shown may be out of date');
  await shows(/It is from .*\. The ledger cannot be read\./);
  await page.getByRole('link', { name: 'Spring', exact: true }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.unroute('**/api/campaigns?*');
  await button('Try again').click();
  await page.getByText('Some of what is shown').waitFor({ state: 'detached' });
});

test('what cannot be counted is not shown as nothing', async () => {
  for (const path of ['/', '/campaigns/spring', '/quotas']) {
    const page = await open({ path, prepare: (opened) => opened.route('**/api/analytics/**', refuse) });
    await shows('The ledger cannot be read.');
    assert.doesNotMatch(await words(page), /Nobody was|No email was sent/, path);
    await page.unroute('**/api/analytics/**');
    await button('Try again').first().click();
    await page.getByText('Not available').first().waitFor({ state: 'detached' });
  }
});

test('each step of a new campaign says what could not be read, and goes on', async () => {
  const page = await open({ path: '/campaigns/new' });
  const fails = async (what, act, ...signs) => {
    await page.route(what, refuse);
    await act();
    for (const sign of signs) await shows(sign);
    await page.unroute(what);
  };
  const next = () => button('Next').click();
  const sentence = page.getByLabel('Who should hear about it?');

  await sentence.fill('customers in Bangalore with sms consent');
  await fails('**/api/audience/preview', () => button('Find people').click(), 'The ledger cannot be read.');
  await fails('**/api/audience/fields', () => button('Try again').click(), 'Will get a message', /look at its log/);
  await button('Try again').click();
  await shows('City');
  await next();
  await shows('How channels are chosen');
  await fails(
    '**/api/audience/preview',
    () => page.getByLabel('Exploration share in percent').fill('0'),
    'Not available',
  );
  await next();
  await shows('There is no plan for this');
  await button('Try again').click();
  await page.getByText('Not available').waitFor({ state: 'detached' });
  await fails('**/api/templates', next, 'Not available');
  await button('Try again').click();
  await shows('Reply STOP to opt out');
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
  await shows('The server can record and send.');
  await page.route(/\/readyz$/, cut);
  await page.route('**/api/installation', refuse);
  await page.reload();
  await shows('The server does not answer; the page asks again by itself.');
  await shows('The server does not say what is set up; the page asks again by itself.');
  await button('Simulate').click();
  await shows('A check failed: ');
  await page.unroute(/\/readyz$/);
  await page.unroute('**/api/installation');
  await shows('The server can record and send.');
  await shows('Set up for sending: ');
});

test('what is pressed without a connection is refused at once, and not sent when the connection is back', async () => {
  const page = await open({ path: '/?q=everyone' });
  await shows('Will get a message');
  for (let step = 0; step < 3; ++step) await button('Next').click();
  await page.getByLabel('Messages per second on each channel').fill('20');
  await answerQuietHours(page);
  await button('Next').click();
  await shows('The server can record and send.');
  const count = async () => (await server.call('GET', '/api/campaigns')).campaigns.length;
  const before = await count();
  await page.context().setOffline(true);
  await button('Simulate').click();
  await shows('The campaign was not started');
  await shows(/Check that the server runs/);
  await page.context().setOffline(false);
  await page.getByText('NO CONNECTION').waitFor({ state: 'detached' });
  assert.equal(await count(), before);
  await button('Simulate').click();
  await page.waitForURL(/\/campaigns\/c-/);
  assert.equal(await count(), before + 1);
});
