// A campaign from its sentence to its end in the console, against the real program; and everything that can stand in its
// way: a rate that is none, nobody to write to, words that mean nothing, people who are asleep.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerQuietHours, looks, scrolledTables, shoot, violations } from './harness.mjs';
import { startSuite } from './suite.mjs';

const demo = 'Run campaign for laptops in Bangalore with at least 2 purchases';
const { server, open, button, shows } = startSuite({
  CLARION_SIM_FAILURE_RATE: '0.1',
});
let page;

const next = () => button('Next').click();
const figure = (label) =>
  page.locator('dt', { hasText: new RegExp(`^${label}$`) }).locator('xpath=following-sibling::dd[1]');
const rate = () => page.getByLabel('Messages per second on each channel');

async function find(sentence) {
  await page.getByLabel('Who should hear about it?').fill(sentence);
  await button('Find people').click();
  await shows('Will get a message');
}

async function toRate(ahead = ['channel', 'content', 'pace']) {
  for (const step of ahead) {
    await next();
    await page.waitForURL(new RegExp(`step=${step}`));
  }
}

async function toReview(tps = '20', ahead = undefined) {
  await toRate(ahead);
  await rate().fill(tps);
  await answerQuietHours(page);
  await next();
  await shows('The server can record and send.');
}

test('a newcomer sends a first campaign from the empty overview to its results in under two minutes', async () => {
  page = await open();
  const began = Date.now();
  await page.getByRole('link', { name: 'Create the first campaign' }).click();
  await page.getByRole('button', { name: demo }).click();
  await shows('Purchase count');
  await shows('Will get a message');
  await next();
  await shows('Everyone by SMS instead');
  await next();
  await shows('Reply STOP to opt out');
  await next();
  await rate().fill('20');
  await answerQuietHours(page);
  await next();
  await shows('The server can record and send.');
  await shoot(page, 'create-review');
  await button('Simulate').click();
  await page.waitForURL(/\/campaigns\/c-/);
  await shows('recipients are settled');
  assert.ok(Date.now() - began < 120_000, 'the whole way takes under two minutes');
  await shows(/of \d+ to send/);
  await page.getByRole('tab', { name: 'Recipients' }).click();
  await page.getByRole('grid', { name: 'Deliveries' }).getByRole('link').first().click();
  await shows('What happened');
  await page.getByRole('tab', { name: 'Results' }).click();
  await shows('Response by channel');
  await shows('Real against estimated cost');
  const costs = await page.getByRole('table', { name: 'Cost by channel' }).locator('tbody').innerText();
  assert.match(costs, /(SMS|WhatsApp|Email)\s+\d+ of \d+\s+\$[\d.]+\s+\$[\d.]+/);
  assert.doesNotMatch(costs, /NaN/);
  await shoot(page, 'results');
  const { campaigns } = await server.call('GET', '/api/campaigns');
  assert.equal(campaigns.length, 1);
  const [campaign] = campaigns;
  assert.equal(campaign.status, 'completed');
  assert.equal(campaign.planned, 16);
  assert.equal(campaign.planned, campaign.accepted + campaign.failed + campaign.skipped + campaign.in_doubt);
});

test('the keyboard alone makes and starts a campaign', async () => {
  page = await open({ path: '/campaigns/new' });
  const press = async (target, key = 'Enter') => {
    for (let presses = 0; presses < 120; ++presses) {
      if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) break;
      await page.keyboard.press('Tab');
    }
    assert.ok(await target.evaluate((element) => element === document.activeElement), `no way by Tab to ${target}`);
    // While people are counted anew the button waits too.
    while ((await target.getAttribute('aria-disabled')) === 'true') await page.waitForTimeout(50);
    if (key) await page.keyboard.press(key);
  };
  await page.getByLabel('Who should hear about it?').waitFor();
  await press(page.getByLabel('Who should hear about it?'), null);
  await page.keyboard.type('customers in Chennai');
  await page.keyboard.press('Enter');
  await shows('Will get a message');
  for (const [step, title] of [
    ['channel', 'Channel'],
    ['content', 'Content'],
    ['pace', 'When and how fast'],
  ]) {
    await press(button('Next'));
    await page.waitForURL(new RegExp(`step=${step}`));
    // The focus goes to the new step's heading, so that the keyboard goes on from there.
    await page.waitForFunction((text) => document.activeElement?.textContent?.startsWith(text), title);
  }
  await press(rate(), null);
  await page.keyboard.type('50');
  const keep = page.getByRole('radio', { name: /Wait for each/ });
  if (!(await keep.isChecked())) await press(keep, 'ArrowDown');
  await press(button('Next'));
  await shows('The server can record and send.');
  await press(button('Simulate'));
  await page.waitForURL(/\/campaigns\/c-/);
});

test('every step is accessible, wide and narrow, light and dark', async () => {
  for (const [look, viewport, scheme] of looks) {
    page = await open({
      path: `/?q=${encodeURIComponent(demo)}`,
      viewport,
      scheme,
    });
    const check = async (step) => {
      await page.waitForLoadState('networkidle');
      await shoot(page, `create-${step}-${look}`);
      assert.deepEqual(await violations(page), [], `${step}, ${look}`);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.ok(overflow <= 0, `${step}, ${look}: the page is ${overflow} px wider than its window`);
      assert.deepEqual(await scrolledTables(page), [], `${step}, ${look}: scrolled sideways`);
    };
    await shows('Who gets none, and why');
    await check('audience');
    await next();
    await shows('How channels are chosen');
    await check('channel');
    await next();
    await shows('Variables');
    for (const channel of ['SMS', 'WhatsApp', 'Email']) {
      await page.getByRole('tab', { name: new RegExp(`^${channel}`) }).click();
      await page.locator('.phone:visible, .mail:visible').first().waitFor();
      await check(`content-${channel}`);
    }
    await next();
    await page.getByRole('radio', { name: 'At a set time' }).check();
    await rate().fill('20');
    await check('pace');
    await page.getByRole('radio', { name: 'Now', exact: true }).check();
    await answerQuietHours(page);
    await next();
    await shows('The server can record and send.');
    await check('review');
    assert.deepEqual(page.problems, [], look);
  }
});

test('a rate that is none sends nothing and says what to change', async () => {
  page = await open({ path: '/?q=everyone' });
  await shows('Will get a message');
  await toRate();
  const before = (await server.call('GET', '/api/campaigns')).campaigns.length;
  for (const [text, sentence] of [
    ['', /there is no default/],
    ['0', /above 0/],
    ['-3', /above 0/],
    ['ten', /not a number/],
    ['0.0001', /at least 0.001/],
    ['99999', /at most 1,000, the ceiling of this server/],
  ]) {
    await rate().fill(text);
    await next();
    await page.getByText(sentence).first().waitFor();
    assert.ok(!page.url().includes('step=review'), `"${text}" went on to the review`);
  }
  assert.equal((await server.call('GET', '/api/campaigns')).campaigns.length, before);
});

test('nobody to write to ends at the first step, with the reasons', async () => {
  page = await open({ path: '/campaigns/new' });
  await find('customers opted out of sms and opted out of email and opted out of whatsapp');
  await next();
  await page
    .getByText(/nobody of them may be written to|Nobody matches/)
    .first()
    .waitFor();
  assert.ok(!page.url().includes('step='));
});

test('who gets none is listed by rule, a rare rule too', async () => {
  page = await open({ path: '/?q=everyone' });
  await shows('Who gets none, and why');
  const { suppressed } = await server.call('POST', '/api/audience/preview', {
    filter: { everyone: true },
    limit: 0,
  });
  const [rule, count] = Object.entries(suppressed.by_rule).sort((a, b) => a[1] - b[1])[0];
  const words = rule.charAt(0).toUpperCase() + rule.slice(1).replaceAll('_', ' ');
  await page.getByRole('button', { name: /^Excluded by/ }).click();
  await page.getByRole('option', { name: `${words} (${count})` }).click();
  const people = page.getByRole('table', { name: 'People who get none' });
  await page.waitForFunction(
    (text) =>
      [...document.querySelectorAll('table[aria-label="People who get none"] tbody tr')].every((row) =>
        row.textContent.includes(text),
      ),
    words,
  );
  assert.ok((await people.locator('tbody tr').count()) > 0);
});

test('words that were not understood have to be left out knowingly', async () => {
  page = await open({ path: '/campaigns/new' });
  await find('laptops in Bangalore for loyal people');
  await shows('Not understood');
  await next();
  await shows('Some words were not understood: say it differently');
  await page.getByLabel('Go on without these words').check();
  await next();
  await shows('Everyone by SMS instead');
});

test('what may mean several things is asked', async () => {
  page = await open({ path: '/campaigns/new' });
  await find('German customers');
  await shows('“German” may mean German (language) or Germany (country)');
  await next();
  await shows('Some words may mean several things');
  await page.getByLabel('The conditions below say what is meant').check();
  await next();
  await shows('Everyone by SMS instead');
});

test('a condition can be taken out, and the counts follow', async () => {
  page = await open({ path: '/campaigns/new' });
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

test('the date of a consent is a condition, and its source can be one', async () => {
  page = await open({ path: '/campaigns/new' });
  await find('with sms consent since 2020');
  await page.getByRole('button', { name: /^Remove .*Date of SMS consent/ }).waitFor();
  assert.ok(Number(await figure('Match').innerText()) > 0);
  const { fields } = await server.call('GET', '/api/audience/fields');
  const sources = fields.find(({ field }) => field === 'consent_sms_source').values.map(({ value }) => value);
  assert.ok(sources.includes('in store'), sources.join());
});

test('conditions are saved as a segment, and a campaign is made from it', async () => {
  page = await open({ path: '/campaigns/new' });
  await find('customers in Chennai with email consent');
  await button('Save as segment').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Chennai by mail');
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  await shows('Segment “Chennai by mail”');
  await page.goto(`${server.address}/segments`);
  await page.getByRole('link', { name: 'Create campaign: Chennai by mail' }).click();
  await shows('Will get a message');
});

test('a draft is there again after a reload', async () => {
  page = await open({ path: '/campaigns/new' });
  await find('customers in Bangalore');
  await next();
  await shows('Everyone by SMS instead');
  await page.reload();
  await shows('Everyone by SMS instead');
});

test('the content is shown as anybody gets it, with this campaign’s own values and their cost', async () => {
  page = await open({ path: `/?q=${encodeURIComponent(demo)}` });
  await shows('Will get a message');
  await next();
  await shows('Everyone by SMS instead');
  await next();
  await page.getByRole('tab', { name: /^SMS/ }).click();
  await shows('Reply STOP to opt out');
  await page
    .getByRole('textbox', { name: 'brand in this campaign' })
    .fill('Ünïcode “Bazaar” 🙂 of everything there is');
  await shows('UCS-2');
  await shows(/sent and paid as \d parts/);
  await page.getByRole('button', { name: /^Shown as it goes to/ }).click();
  await page.getByPlaceholder('Name, address, city or id').fill('CUST-000032');
  await page.getByRole('option', { name: /CUST-000032/ }).click();
  await shows(/Ananya/);
  await shoot(page, 'create-content');
  await page.getByLabel('Your address').fill('+14255550156');
  await button('Simulate test').click();
  await shows('See its delivery');
});

test('a template that cannot be filled is refused where it is chosen, and changed there', async () => {
  await server.call('POST', '/api/save-template', {
    name: 'riddle',
    channel: 'sms',
    definition: { text: 'Hi {{nobody_knows}}' },
  });
  page = await open({ path: '/?q=everyone' });
  await shows('Will get a message');
  await next();
  await shows('Everyone by SMS instead');
  await next();
  await page.getByRole('tab', { name: /^SMS/ }).click();
  const choose = async (name) => {
    await page.getByRole('button', { name: /^Template/ }).click();
    await page.getByRole('option', { name }).click();
  };
  await choose(/riddle/);
  await shows(/uses {{nobody_knows}}, which is neither/);
  await next();
  await shows('There is no plan for this');
  assert.match(page.url(), /step=content/);
  await choose(/^news/);
  await page.waitForFunction(() => !document.body.innerText.includes('nobody_knows'));
  await next();
  await page.waitForURL(/step=pace/);
});

test('channels, exploration and a person’s channel are chosen by hand, and kept by the campaign', async () => {
  page = await open({ path: `/?q=${encodeURIComponent(demo)}` });
  await shows('Will get a message');
  await next();
  await shows('How channels are chosen');
  const people = page.getByRole('table', { name: 'People who get a message' });
  await page.getByRole('checkbox', { name: 'WhatsApp' }).uncheck();
  await people.getByText('WhatsApp', { exact: true }).first().waitFor({ state: 'detached' });
  await page.getByLabel('Exploration share in percent').fill('0');
  // Somebody who would get an SMS, and allows email too.
  const answer = await server.call('POST', '/api/audience/preview', {
    query: demo,
    channels: ['email'],
    respect_caps: false,
    limit: 1,
  });
  const person = answer.eligible_users[0];
  await page.getByRole('button', { name: /^Another channel for somebody/ }).click();
  await page.getByPlaceholder('Name, address, city or id').fill(person.customer_id);
  await page.getByRole('option', { name: new RegExp(person.customer_id) }).click();
  await page.getByRole('button', { name: 'Email', exact: true }).click();
  await button('Use this channel').click();
  await shows('chosen by you');
  await shoot(page, 'create-channel');
  await toReview('50', ['content', 'pace']);
  await button('Simulate').click();
  await page.waitForURL(/\/campaigns\/c-/);
  const id = new URL(page.url()).pathname.split('/')[2];
  const campaign = await server.call('GET', `/api/campaigns/${id}`);
  assert.deepEqual(campaign.channels, ['sms', 'email']);
  assert.equal(campaign.decision.exploration, 0);
  assert.equal(campaign.channel_override_count, 1);
  await page.waitForFunction(() => /recipients are settled|recipients settled/.test(document.body.innerText));
  const { deliveries } = await server.call('GET', `/api/deliveries?campaign_id=${id}&contact_id=${person.customer_id}`);
  assert.equal(deliveries[0].channel, 'email');
});

test('people who are asleep wait only when that is chosen', async () => {
  // Somewhere it is three in the morning now; zones of the form Etc/GMT+5 are five hours behind.
  const ahead = (((3 - new Date().getUTCHours() + 36) % 24) - 12) % 24;
  const zone = ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
  const response = await fetch(`${server.address}/api/contacts/import`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: `customer_id,first_name,phone,city,time_zone,sms_consent\nNIGHT-1,Luna,+14255550188,Nocturne,${zone},opted_in\n`,
  });
  assert.equal((await response.json()).imported, 1);
  const isThere = async () => (await server.call('GET', '/api/contacts?q=NIGHT-1')).total === 1;
  while (!(await isThere())) await new Promise((wait) => setTimeout(wait, 100));
  page = await open({ path: '/campaigns/new' });
  await find('customers in Nocturne');
  await toRate();
  await rate().fill('20');
  await next();
  await shows('quiet hours wait: 1 person');
  await page.getByRole('radio', { name: /Wait for each/ }).check();
  await next();
  await shows('quiet hours are kept: 1 person will get the message later.');
  await page.getByRole('button', { name: /^Look at it: Frequency caps/ }).click();
  await page.getByRole('radio', { name: /Send at once/ }).check();
  await next();
  await shows('Set aside for this campaign: quiet hours.');
  await button('Simulate').click();
  await shows('recipients are settled');
});

test('a start is set on the clock of another zone', async () => {
  // The one person of the test before may have opted out.
  const rows = Array.from({ length: 20 }, (_, i) => `ZONE-${i},Zoe,+1425556${1000 + i},Zonetown,Etc/UTC,opted_in`);
  await fetch(`${server.address}/api/contacts/import`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: `customer_id,first_name,phone,city,time_zone,sms_consent\n${rows.join('\n')}\n`,
  });
  while ((await server.call('GET', '/api/contacts?q=Zonetown&limit=1')).total < rows.length)
    await new Promise((wait) => setTimeout(wait, 100));
  page = await open({ path: '/?q=everyone' });
  await shows('Will get a message');
  await toRate();
  await rate().fill('20');
  await page.getByRole('radio', { name: 'At a set time' }).check();
  await page.getByRole('textbox', { name: 'Date', exact: true }).fill('2031/06/03');
  await page.getByRole('textbox', { name: 'Time', exact: true }).fill('09:30');
  await page.getByRole('button', { name: /^Time zone/ }).click();
  await page.keyboard.type('New York');
  await page.getByRole('option', { name: /America\/New York/ }).click();
  await shows('2031-06-03 13:30 UTC');
  await shoot(page, 'create-schedule');
  await answerQuietHours(page);
  await next();
  await shows('The server can record and send.');
  await button('Simulate').click();
  await page.waitForURL(/\/campaigns\/c-/);
  const { campaigns } = await server.call('GET', '/api/campaigns?limit=1');
  assert.equal(campaigns[0].status, 'scheduled');
  assert.equal(new Date(campaigns[0].start_at).toISOString(), '2031-06-03T13:30:00.000Z');
});

test('a large campaign is confirmed by typing its number', async () => {
  const rows = Array.from(
    { length: 1200 },
    (_, i) => `BIG-${i},Pat,+1425555${String(1000 + i)},Bigtown,Etc/UTC,opted_in`,
  );
  await fetch(`${server.address}/api/contacts/import`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: `customer_id,first_name,phone,city,time_zone,sms_consent\n${rows.join('\n')}\n`,
  });
  const there = async () => (await server.call('GET', '/api/contacts?q=Bigtown&limit=1')).total;
  while ((await there()) < 1200) await new Promise((wait) => setTimeout(wait, 100));
  page = await open({ path: '/campaigns/new' });
  await find('customers in Bigtown');
  await toReview('1000');
  await button('Simulate').click();
  await shows('Type the number of recipients, 1200, to confirm.');
  const before = (await server.call('GET', '/api/campaigns')).campaigns.length;
  await page.getByLabel('Type the number of recipients: 1,200').fill('12');
  await button('Simulate').click();
  await shows('to confirm.');
  assert.equal((await server.call('GET', '/api/campaigns')).campaigns.length, before);
  await page.getByLabel('Type the number of recipients: 1,200').fill('1200');
  await button('Simulate').click();
  await page.waitForURL(/\/campaigns\/c-/);
});
