// What a new campaign begins with, and that it stays: another campaign, a segment, a link; over steps and reloads.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerQuietHours } from './harness.mjs';
import { startSuite } from './suite.mjs';

const { server, open, button, shows } = startSuite({ CLARION_SIM_FAILURE_RATE: '0.3' }, async (started) => {
  await started.startCampaign('spring', { name: 'Spring' });
  await started.finished('spring');
});
let page;

const next = () => button('Next').click();
const figure = (label) =>
  page.locator('dt', { hasText: new RegExp(`^${label}$`) }).locator('xpath=following-sibling::dd[1]');
const matched = async (count) => {
  await page.waitForFunction(
    (text) =>
      [...document.querySelectorAll('dt')].some(
        (dt) => dt.textContent === 'Match' && dt.nextElementSibling?.textContent === text,
      ),
    String(count),
  );
};

async function beginAnother() {
  page = await open({ path: '/?q=customers%20in%20Mumbai' });
  await shows('Will get a message');
  return Number(await figure('Match').innerText());
}

test('a clone that nobody has changed stays what it is, over its steps and over reloads', async () => {
  const { planned } = await server.call('GET', '/api/campaigns/spring');
  const others = await beginAnother();
  assert.ok(others > 0 && others < planned);
  await page.goto(`${server.address}/campaigns/spring`);
  await button('Clone').click();
  await matched(planned);
  await page.reload();
  await matched(planned);
  await next();
  await shows('Everyone by SMS instead');
  await page.reload();
  await shows('Everyone by SMS instead');
  await button('Back').click();
  await matched(planned);
  await next();
  await next();
  await shows('Audience and rules are those of Spring');
  await page.reload();
  await shows('Audience and rules are those of Spring');
  await next();
  await page.getByLabel('Messages per second on each channel').fill('100');
  await answerQuietHours(page);
  await page.reload();
  assert.equal(await page.getByLabel('Messages per second on each channel').inputValue(), '100');
  await next();
  await shows('The server can record and send.');
  await page.reload();
  await shows('The server can record and send.');
  await button('Simulate').click();
  await page.waitForURL(/\/campaigns\/c-/);
  const id = new URL(page.url()).pathname.split('/')[2];
  assert.equal((await server.finished(id)).planned, planned);
});

test('a segment that nobody has changed stays what it is', async () => {
  const others = await beginAnother();
  const { segments } = await server.call('GET', '/api/segments');
  const everyone = segments.find(({ sql_query: sql }) => sql === 'TRUE');
  assert.ok(others < everyone.count);
  await page.goto(`${server.address}/campaigns/new?segment=${everyone.segment_id}`);
  await matched(everyone.count);
  await next();
  await shows('Everyone by SMS instead');
  await button('Back').click();
  await matched(everyone.count);
});

test('what was changed of a question in the address is not asked anew by a reload', async () => {
  const all = await beginAnother();
  await page.getByRole('button', { name: /^Remove City/ }).click();
  const { planned } = await server.call('GET', '/api/campaigns/spring');
  assert.notEqual(all, planned);
  await matched(planned);
  await page.reload();
  await matched(planned);
});

test('a retry cannot be cloned, and says why', async () => {
  const { campaign_id: id } = await server.call('POST', '/api/campaigns/spring/retry');
  page = await open({ path: `/campaigns/new?clone=${id}` });
  await shows('It was sent to the failed of spring');
  await page.getByRole('link', { name: 'Back to the campaign' }).click();
  await page.waitForURL(new RegExp(`/campaigns/${id}$`));
});
