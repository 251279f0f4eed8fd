// What an operator does about deliveries in doubt.

import assert from 'node:assert/strict';
import test from 'node:test';
import { startSuite } from './suite.mjs';

const { server, open, button, shows } = startSuite({ CLARION_SIM_FAILURE_RATE: '1' });

test('what is in doubt is explained, and settled by a person once', async () => {
  await server.startCampaign('lost');
  await server.finished('lost');
  // What the simulated carriers still had to say of it ends with their process.
  await server.stop();
  await server.start();
  const inDoubt = async () =>
    (await server.call('GET', '/api/deliveries?campaign_id=lost&state=in_doubt')).deliveries.map(
      (row) => row.delivery_id,
    );
  const before = await inDoubt();
  assert.ok(before.length > 0);
  const { attempts } = await server.call('GET', `/api/deliveries/${before[0]}`);
  const page = await open({ path: '/campaigns/lost/recipients?state=in_doubt' });
  await page.locator('[role=grid] tbody tr').first().getByRole('link').first().click();
  await shows('no answer came back');
  await shows('The simulated carriers tell of what had arrived');
  await button('It did not arrive').click();
  await shows('Record that it did not arrive?');
  await button('Record it').click();
  await shows('Settled by hand: it did not arrive');
  await shows('settled by hand on this machine');
  await page.getByRole('button', { name: 'It arrived' }).waitFor({ state: 'detached' });
  assert.deepEqual(await inDoubt(), before.slice(1));
  const settled = await server.call('GET', `/api/deliveries/${before[0]}`);
  assert.equal(settled.reason, 'settled_not_arrived');
  assert.equal(settled.attempts, attempts, 'nothing was sent again');
});
