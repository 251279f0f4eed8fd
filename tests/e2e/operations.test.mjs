// The console for those who watch a campaign: the chart of a run over a reload and a restart, what holds it, starting early,
// the ledger's search and export, the failed again, and a server that does not answer.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { shoot } from './harness.mjs';
import { startSuite } from './suite.mjs';

const { server, open, button, shows } = startSuite({
  CLARION_SIM_FAILURE_RATE: '0.2',
  CLARION_SIM_THROTTLE_RATE: '0.1',
});
let page;

const rows = () => page.getByRole('grid', { name: 'Deliveries' }).locator('tbody tr');

// Until the server has kept something of the run.
async function history(id, isEnough) {
  for (;;) {
    const kept = await server.call('GET', `/api/campaigns/${id}/history`);
    if (isEnough(kept)) return kept;
    await new Promise((wait) => setTimeout(wait, 200));
  }
}
const accepted = (kept) =>
  Object.values(kept.by_channel).reduce((sum, { accepted: counts }) => sum + counts.reduce((a, b) => a + b, 0), 0);

test('the chart, the tokens and what holds a channel are there after a reload and a restart of the server', async () => {
  await server.startCampaign('watched', { throughput_tps: 2 });
  page = await open({ path: '/campaigns/watched' });
  await shows('Limited by the rate you chose');
  await page
    .getByText(/^\d+ of \d+$/)
    .first()
    .waitFor(); // tokens: fewer once a carrier has throttled
  const line = page.locator('[aria-label="SMS"] path, path[data-itemid], svg path').first();
  await line.waitFor({ state: 'attached' });
  await page.reload();
  await shows('Limited by the rate you chose');
  await line.waitFor({ state: 'attached' });

  const before = await history('watched', (kept) => accepted(kept) > 20);
  await server.stop();
  await server.start();
  const back = await server.call('GET', '/api/campaigns/watched/history');
  assert.equal(back.at[0], before.at[0], 'the chart begins where it began');
  assert.ok(accepted(back) >= accepted(before));
  await page.getByText('Connection lost').waitFor({ state: 'detached' });
  await shoot(page, 'campaign-running');
  await server.call('POST', '/api/campaigns/watched/cancel');
  await shows('Cancelled');
});

test('a scheduled campaign is started early from the list, and found there by its status', async () => {
  await server.startCampaign('planned', { start_at: '2031-01-01T00:00:00Z' });
  page = await open({
    path: '/campaigns?status=scheduled',
  });
  await page.getByRole('radio', { name: 'Choose planned' }).check();
  await button('Start now').click();
  await shows('Campaign planned has started.');
  await server.finished('planned');
  await shows('No campaign matches');
  await button('Clear the filter').click();
  await page.getByRole('link', { name: 'planned', exact: true }).waitFor();
});

test('how the list of campaigns is sorted and what it shows is kept', async () => {
  await server.finished('planned');
  page = await open({ path: '/campaigns' });
  await page.getByRole('link', { name: 'planned', exact: true }).waitFor();
  await page
    .getByRole('columnheader', { name: /^Campaign/ })
    .getByRole('button')
    .first()
    .click();
  const isSorted = () => page.locator('th[aria-sort=ascending]', { hasText: 'Campaign' }).waitFor();
  await isSorted();
  await page.reload();
  await isSorted();
  await page.getByRole('radio', { name: 'Choose planned' }).check();
  await button('Clone').click();
  await page.waitForURL(/\/campaigns\/new/);
  await shows('Will get a message');
});

test('the ledger is searched by reason and person, shows a delivery and is exported', async () => {
  const { failed } = await server.finished('planned');
  assert.ok(failed > 0);
  page = await open({ path: '/campaigns/planned' });
  await page.getByRole('link', { name: /^\d+: Blocked/ }).click();
  await page.waitForURL(/recipients\?.*reason=blocked/);
  await rows().filter({ hasText: 'Blocked' }).first().waitFor();
  assert.equal(await rows().filter({ hasNotText: 'Blocked' }).count(), 0);

  const [person] = /CUST-\d+/.exec(await rows().first().locator('th').innerText());
  await page.goto(`${server.address}/campaigns/planned/recipients`);
  await page.getByRole('combobox', { name: 'Person' }).fill(person);
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    (id) => [...document.querySelectorAll('[role=grid] tbody tr')].every((row) => row.textContent.includes(id)),
    person,
  );
  assert.equal(await rows().count(), 1);
  await rows().first().getByRole('link').first().click();
  for (const part of ['What happened', 'Provider id', 'Cost', 'Chosen with probability']) await shows(part);
  await shows(/Failed after|Waits for/);

  await button('Export').click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /CSV/ }).click(),
  ]);
  const lines = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\r\n');
  assert.match(lines[0], /^delivery_id,campaign_id,contact_id,/);
  assert.equal(lines.length, 2);
  assert.match(lines[1], new RegExp(`,${person},`));
});

test('the ledger is searched by name and address, which rows and drawers call a person by', async () => {
  await server.finished('planned');
  const { deliveries } = await server.call('GET', '/api/deliveries?campaign_id=planned&limit=200');
  const named = deliveries.find((row) => row.contact_name?.includes(' '));
  const called = deliveries.filter((row) => row.contact_name === named.contact_name).length;
  page = await open({ path: '/campaigns/planned/recipients' });
  const search = async (text) => {
    await page.getByRole('combobox', { name: 'Person' }).fill(text);
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      (id) => [...document.querySelectorAll('[role=grid] tbody tr')].every((row) => row.textContent.includes(id)),
      named.contact_name,
    );
  };
  await search(named.contact_name);
  assert.ok((await rows().count()) >= called);
  const contact = await server.call('GET', `/api/contacts/${named.contact_id}`);
  await search(contact.email || contact.phone);
  await rows().first().getByRole('link').first().click();
  await shows(`Delivery to ${named.contact_name}`);
});

test('the ledger is turned page by page, and each row opens its own delivery', async () => {
  await server.finished('planned');
  const pages = [];
  for (let after = ''; pages.length < 3;) {
    const answer = await server.call('GET', `/api/deliveries?campaign_id=planned&limit=50&after=${after}`);
    pages.push(answer.deliveries.map((row) => `${row.contact_name} ${row.contact_id}`));
    after = answer.next;
  }
  page = await open({ path: '/campaigns/planned/recipients' });
  const reads = async (people) => {
    await rows().first().locator('th', { hasText: people[0] }).waitFor();
    assert.deepEqual(await rows().locator('th').allInnerTexts(), people);
  };
  const turn = (name) => page.getByRole('button', { name }).click();
  await reads(pages[0]);
  await turn('Next page');
  await reads(pages[1]);
  await turn('Next page');
  await reads(pages[2]);
  await turn('Previous page');
  await reads(pages[1]);
  await rows().nth(3).getByRole('link').first().click();
  await shows(`Delivery to ${pages[1][3].replace(/ CUST-.*/, '')}`);
});

test('those whom the carrier refused are retried once, and the retry says of what', async () => {
  await server.finished('planned');
  const { recipients } = await server.call('GET', '/api/campaigns/planned/retry');
  assert.ok(recipients > 0);
  page = await open({ path: '/campaigns/planned/recipients' });
  await button('Retry failed').click();
  await shows(new RegExp(`^${recipients} of .* failed because the carrier refused`));
  await button('Simulate').click();
  await page.waitForURL(/campaigns\/planned-retry$/);
  await shows('The failed of planned');
  assert.equal((await server.finished('planned-retry')).planned, recipients);
  page = await open({ path: '/campaigns/planned/recipients' });
  await button('Retry failed').click();
  await shows('They were sent to again already');
  await page.getByRole('dialog').getByRole('link', { name: 'planned-retry' }).click();
  await page.waitForURL(/campaigns\/planned-retry$/);
});

test('whom their channel did not reach is sent to by another one, once', async () => {
  await server.finished('planned');
  page = await open({ path: '/campaigns/planned/recipients' });
  await button(/^Send by another channel \(\d+\)$/).click();
  const dialog = page.getByRole('dialog');
  const sentence = await dialog.getByText(/^\d+ of \d+ failed because their channel does not reach them/).innerText();
  await button('Simulate').click();
  await page.waitForURL(/campaigns\/planned-fallback$/);
  await shows('By another channel, the failed of planned');
  const made = await server.finished('planned-fallback');
  // Carriers may have told of more meanwhile.
  assert.ok(made.planned >= Number.parseInt(sentence, 10));
  const failed = await server.call('GET', '/api/deliveries?campaign_id=planned&state=failed&limit=1000');
  const channels = new Map(failed.deliveries.map((row) => [row.contact_id, row.channel]));
  const { deliveries } = await server.call('GET', '/api/deliveries?campaign_id=planned-fallback&limit=1000');
  const sent = deliveries.filter((row) => row.state !== 'skipped');
  assert.ok(sent.length > 0);
  for (const row of sent) assert.notEqual(row.channel, channels.get(row.contact_id), row.contact_id);
  page = await open({ path: '/campaigns/planned/recipients' });
  await button(/^Send by another channel/).click();
  await shows('They were sent to by another channel already');
});

test('those who failed become a campaign of their own, which nobody else is in', async () => {
  const { failed, name } = await server.finished('planned');
  page = await open({
    path: '/campaigns/planned/recipients',
  });
  await button('New campaign to the failed').click();
  await page.waitForURL(/\/campaigns\/new/);
  await shows('Will get a message');
  const figure = page.locator('dt', { hasText: /^Match$/ }).locator('xpath=following-sibling::dd[1]');
  assert.equal(Number(await figure.innerText()), failed);
  const draft = JSON.parse(await page.evaluate(() => localStorage.getItem('clarion.draft')));
  assert.equal(draft.name, `${name}: failed, again`);
  const wanted = new Set(draft.filter.value);
  const rowsOfFailed = await server.call('GET', '/api/deliveries?campaign_id=planned&state=failed&limit=1000');
  assert.deepEqual(wanted, new Set(rowsOfFailed.deliveries.map((row) => row.contact_id)));
  assert.equal(wanted.size, failed, 'each of them once');
});

test('what senders may send is shown, simulated ones as such', async () => {
  page = await open({ path: '/quotas' });
  await page.getByText('Simulated: it allows everything').nth(2).waitFor();
  await shows('Reputation');
});

test('a server that does not answer is said, and the page goes on by itself when it does', async () => {
  page = await open({ path: '/campaigns' });
  await page.getByRole('link', { name: 'planned', exact: true }).waitFor();
  await server.stop();
  await shows('NO CONNECTION');
  // What is on the screen stays; a screen that was never opened cannot be loaded now.
  await page.getByRole('link', { name: 'planned', exact: true }).waitFor();
  await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Quotas & events' }).click();
  await shows('This screen could not be loaded');
  await server.start();
  await shows('LOCAL');
  await button('Load again').click();
  await shows('Simulated: it allows everything');
  page.problems = page.problems.filter((problem) => !/dynamically imported module|preload/i.test(problem));
});

test('a request that fails is shown with its reason, what to do, and a way to try again', async () => {
  page = await open({ path: '/' });
  await page.route('**/api/quotas', (route) => route.abort('connectionrefused'));
  await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Quotas & events' }).click();
  await shows('No answer from the server');
  await shows(/Check that the server runs/);
  await page.unroute('**/api/quotas');
  await page.route('**/api/quotas', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: 'about:blank',
        title: 'Not available',
        status: 503,
        detail: 'The ledger cannot be read',
        request_id: 'r-1',
      }),
    }),
  );
  await button('Try again').click();
  await shows('The ledger cannot be read.');
  await shows(/look at its log/);
  await shows('Request r-1');
  await page.unroute('**/api/quotas');
  await button('Try again').click();
  await shows('Simulated: it allows everything');
});
