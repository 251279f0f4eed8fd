// A running campaign in the console against the real program: pause, resume and cancel, a reload and a restart in
// mid-run. How a campaign is made is in create.test.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { narrow, shoot } from './harness.mjs';
import { startSuite } from './suite.mjs';

const { server, open, button, shows } = startSuite({
  CLARION_SIM_FAILURE_RATE: '0.1',
});
let page;

const startLong = (id, tps = 4) => server.startCampaign(id, { throughput_tps: tps });

test('a running campaign is paused, resumed, made faster and cancelled', async () => {
  await startLong('controlled');
  page = await open({ path: '/campaigns/controlled' });
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
  page = await open({
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
  page = await open({ path: '/campaigns/restarted' });
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
