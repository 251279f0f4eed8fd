// The console against the real program: a first campaign from its sentence to its end, and everything that can come
// between: a rate that is none, nobody to write to, pause and cancel, a reload and a restart in mid-run.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { narrow, openPage, Server, shoot, startBrowser } from './harness.mjs';

let server;
let browser;
let page;

before(async () => {
  server = await new Server({ CLARION_SIM_FAILURE_RATE: '0.1' }).start();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.end();
});
beforeEach(async (t) => {
  t.after(async () => {
    if (!page) return;
    const { problems } = page;
    await page.context().close();
    page = null;
    assert.deepEqual(problems, [], 'the page reported mistakes');
  });
});

const button = (name) => page.getByRole('button', { name, exact: true });
const next = () => button('Next').click();
const figure = (label) =>
  page.locator('dt', { hasText: new RegExp(`^${label}$`) }).locator('xpath=following-sibling::dd[1]');
const shows = (text) => page.getByText(text).first().waitFor();

async function find(sentence) {
  await page.getByLabel('Who should hear about it?').fill(sentence);
  await button('Find people').click();
  await shows('Will get a message');
}

// A campaign to everybody, by the API: long enough to be watched.
async function startLong(id, tps = 4) {
  await server.call('POST', '/api/campaigns', {
    campaign_id: id,
    name: id,
    filter: { everyone: true },
    respect_caps: false,
    throughput_tps: tps,
  });
}

test('a newcomer sends a first campaign from the empty overview to its results', async () => {
  page = await openPage(browser, server);
  await page.getByRole('link', { name: 'Create the first campaign' }).click();
  await page
    .getByRole('button', {
      name: 'Run campaign for laptops in Bangalore with at least 2 purchases',
    })
    .click();
  await shows('Purchase count');
  await shows('Will get a message');
  await next();
  await shows('Everyone by SMS instead');
  await next();
  await shows('Reply STOP to opt out');
  await next();
  await page.getByLabel('Messages per second on each channel').fill('20');
  await page.getByText('Keep frequency caps').click();
  await next();
  await shows('The server can record and send.');
  await button('Simulate').click();
  await page.waitForURL(/\/campaigns\/c-/);
  await shows('recipients are settled');
  const planned = await page.getByText(/of 16 planned/).count();
  assert.equal(planned, 1);
  await page.getByRole('tab', { name: 'Recipients' }).click();
  await page.getByRole('grid', { name: 'Deliveries' }).getByRole('link').first().click();
  await shows('What happened');
  await page.getByRole('tab', { name: 'Results' }).click();
  await shows('Response by channel');
  await shoot(page, 'results');
  const { campaigns } = await server.call('GET', '/api/campaigns');
  assert.equal(campaigns.length, 1);
  const [campaign] = campaigns;
  assert.equal(campaign.status, 'completed');
  assert.equal(campaign.planned, campaign.accepted + campaign.failed + campaign.skipped + campaign.in_doubt);
});

test('a rate that is none sends nothing and says what to change', async () => {
  page = await openPage(browser, server, { path: '/?q=everyone' });
  await shows('Will get a message');
  for (let step = 0; step < 3; ++step) await next();
  const before = (await server.call('GET', '/api/campaigns')).campaigns.length;
  for (const [text, sentence] of [
    ['', /there is no default/],
    ['0', /above 0/],
    ['-3', /above 0/],
    ['ten', /not a number/],
  ]) {
    await page.getByLabel('Messages per second on each channel').fill(text);
    await next();
    await page.getByText(sentence).first().waitFor();
    assert.ok(!page.url().includes('step=review'), `"${text}" went on to the review`);
  }
  // What only the server knows, its own ceiling, comes back as a sentence.
  await page.getByLabel('Messages per second on each channel').fill('99999');
  await next();
  await button('Simulate').click();
  await shows('The campaign was not started');
  await page
    .getByText(/must be from 0.001 to 1000/)
    .first()
    .waitFor();
  assert.equal((await server.call('GET', '/api/campaigns')).campaigns.length, before);
});

test('nobody to write to ends at the first step, with the reasons', async () => {
  page = await openPage(browser, server, { path: '/campaigns/new' });
  await find('customers opted out of sms and opted out of email and opted out of whatsapp');
  await next();
  await page
    .getByText(/nobody of them may be written to|Nobody matches/)
    .first()
    .waitFor();
  assert.ok(!page.url().includes('step='));
});

test('words that were not understood have to be left out knowingly', async () => {
  page = await openPage(browser, server, { path: '/campaigns/new' });
  await find('laptops in Bangalore for loyal people');
  await shows('Not understood');
  await next();
  await shows('Some words were not understood: say it differently');
  await page.getByLabel('Go on without these words').check();
  await next();
  await shows('Everyone by SMS instead');
});

test('a condition can be taken out, and the counts follow', async () => {
  page = await openPage(browser, server, { path: '/campaigns/new' });
  await find('customers in Bangalore with sms consent');
  const some = Number(await figure('Match').innerText());
  await page.getByRole('button', { name: /^Remove City/ }).click();
  await page.waitForFunction(
    (old) => [...document.querySelectorAll('dd')].some((dd) => Number(dd.textContent) > old),
    some,
  );
  const more = Number(await figure('Match').innerText());
  assert.ok(more > some, `${more} should be more than ${some}`);
});

test('a draft is there again after a reload', async () => {
  page = await openPage(browser, server, { path: '/campaigns/new' });
  await find('customers in Bangalore');
  await next();
  await shows('Everyone by SMS instead');
  await page.reload();
  await shows('Everyone by SMS instead');
});

test('a running campaign is paused, resumed, made faster and cancelled', async () => {
  await startLong('controlled');
  page = await openPage(browser, server, { path: '/campaigns/controlled' });
  await shows('Throughput');
  await button('Pause').click();
  await button('Resume').waitFor();
  const paused = await server.call('GET', '/api/campaigns/controlled');
  assert.equal(paused.status, 'paused');
  await shoot(page, 'campaign-paused');
  await button('Resume').click();
  await button('Pause').waitFor();
  await page.getByLabel('New rate').fill('6');
  await button('Change rate').click();
  await shows('The rate is now 6 per second');
  assert.equal((await server.call('GET', '/api/campaigns/controlled')).throughput_tps, 6);
  await button('Cancel campaign').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel campaign' }).click();
  await shows('Cancelled');
  const ended = await server.call('GET', '/api/campaigns/controlled');
  assert.equal(ended.status, 'cancelled');
  assert.equal(ended.planned, ended.accepted + ended.failed + ended.skipped + ended.in_doubt);
});

test('progress goes on by itself after a reload in mid-run', async () => {
  await startLong('reloaded');
  page = await openPage(browser, server, {
    path: '/campaigns/reloaded',
    viewport: narrow,
  });
  await shows('Throughput');
  await page.reload();
  await shows('Throughput');
  const settled = async () =>
    Number(
      (
        await page
          .getByText(/ recipients settled/)
          .first()
          .innerText()
      ).split(' ')[0],
    );
  const first = await settled();
  await page.waitForFunction(
    (old) => Number(/(\d+) of \d+ recipients settled/.exec(document.body.innerText)?.[1]) > old,
    first,
  );
  await shoot(page, 'campaign-running-narrow');
  await server.call('POST', '/api/campaigns/reloaded/cancel');
  await shows('Cancelled');
});

test('a restart of the server in mid-run is told, survived and caught up with', async () => {
  await startLong('restarted', 3);
  page = await openPage(browser, server, { path: '/campaigns/restarted' });
  await shows('Throughput');
  await server.stop();
  await shows('Connection lost');
  await server.start();
  await page.getByText('Connection lost').waitFor({ state: 'detached' });
  const before = await server.call('GET', '/api/campaigns/restarted');
  assert.equal(before.status, 'running');
  await page.waitForFunction(
    (old) => Number(/(\d+) of \d+ recipients settled/.exec(document.body.innerText)?.[1]) > old,
    before.accepted + before.failed + before.skipped + before.in_doubt,
  );
  await server.call('POST', '/api/campaigns/restarted/cancel');
  await shows('Cancelled');
});
