// Contacts into the console by upload, and the console where a token is needed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { answerQuietHours, binary, openPage, Server, startBrowser } from './harness.mjs';

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

test('a file with bad rows is checked, imported, and its rejected rows are handed back', async (t) => {
  const server = await new Server().start();
  t.after(() => server.end());
  const page = await openPage(browser, server, { path: '/contacts' });
  await page.getByRole('button', { name: 'Import contacts' }).click();
  const csv =
    'customer_id,first_name,phone,sms_consent\nUP-1,Ana,+14255550177,opted_in\nUP-2,Bo,none,opted_in\nUP-3,Cy,+14255550178,opted_in\n';
  await page.locator('input[type=file]').setInputFiles({
    name: 'new.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(csv),
  });
  await page.getByText('Checked; nothing has been kept so far.').waitFor();
  assert.equal((await server.call('GET', '/api/contacts?q=UP-1')).total, 0, 'a check keeps nothing');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Rejected rows' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'new.csv.rejected.csv');
  assert.match(readFileSync(await download.path(), 'utf8'), /phone/);
  await page.getByRole('button', { name: 'Import 2 contacts' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByLabel('Find contacts').fill('UP-3');
  await page.getByRole('link', { name: 'Cy' }).waitFor();
  // Again, without a word of consent: the console says that it is kept, before anything is imported.
  await page.getByRole('button', { name: 'Import contacts' }).click();
  await page.locator('input[type=file]').setInputFiles({
    name: 'again.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('customer_id,first_name,phone\nUP-3,Cyd,+14255550178\n'),
  });
  await page.getByText('1 opt-ins kept: the file has no later opt-out of these people.').waitFor();
  await page.getByRole('button', { name: 'Import 1 contacts' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('link', { name: 'Cyd' }).waitFor();
  assert.equal((await server.call('GET', '/api/contacts/UP-3')).consent.sms.state, 'opted_in');
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('a file dropped on the contacts is checked, and what cannot be read at all says so', async (t) => {
  const server = await new Server().start();
  t.after(() => server.end());
  const page = await openPage(browser, server, { path: '/contacts' });
  await page.getByRole('link', { name: 'Priya Reddy' }).first().waitFor();
  const drop = async (name, text) => {
    const data = await page.evaluateHandle(
      ([fileName, content]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([content], fileName));
        return transfer;
      },
      [name, text],
    );
    await page.dispatchEvent('body', 'dragenter', { dataTransfer: data });
    await page.getByRole('dialog', { name: 'Import contacts' }).waitFor();
    await page.dispatchEvent('body', 'dragover', { dataTransfer: data });
    await page.getByText('Drop the file here').dispatchEvent('drop', { dataTransfer: data });
  };
  await drop('dropped.csv', 'customer_id,first_name,phone,sms_consent\nDROP-1,Ana,+14255550177,opted_in\n');
  await page.getByText('Checked; nothing has been kept so far.').waitFor();
  await page.getByRole('button', { name: 'Import 1 contacts' }).waitFor();
  await page.getByRole('button', { name: 'Take the file away' }).click();
  await drop('broken.json', '[{"customer_id": "A", "phone"');
  await page.getByText(/nothing was imported: line 1/i).waitFor();
  await page.getByRole('button', { name: 'Import nothing' }).click();
  assert.equal((await server.call('GET', '/api/contacts?q=DROP-1')).total, 0);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('a pasted list is suppressed, and a person’s history says so', async (t) => {
  const server = await new Server().start();
  t.after(() => server.end());
  const { phone } = await server.call('GET', '/api/contacts/CUST-000001');
  const page = await openPage(browser, server, { path: '/suppressions' });
  await page.getByRole('button', { name: 'Suppress addresses' }).click();
  await page.getByLabel('Phone numbers').fill(`${phone}\n12\n`);
  await page.getByRole('button', { name: 'Suppress 2 addresses' }).click();
  await page.getByText('This is about “12”.').waitFor();
  assert.equal((await server.call('GET', '/api/suppressions')).total, 0, 'a list with a mistake adds nothing');
  await page.getByLabel('Phone numbers').fill(`${phone}\n+14255550199\n${phone}`);
  await page.getByRole('textbox', { name: /^Reason/ }).fill('asked_by_phone');
  await page.getByRole('button', { name: 'Suppress 2 addresses' }).click();
  await page.getByText('2 addresses are not written to by SMS any more.').waitFor();
  await page.goto(`${server.address}/contacts/CUST-000001`);
  const history = page.getByRole('table', { name: 'Consent history' });
  await history.getByText('Suppressed: asked by phone').waitFor();
  await history.getByText('Consent given').first().waitFor();
  await server.call('DELETE', `/api/suppressions/sms/${encodeURIComponent(phone)}`);
  await page.reload();
  await history.getByText('Suppression lifted').waitFor();
  await history.getByText('Suppressed: asked by phone').waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('where a token is needed the page asks for it, and says which scope is missing', async (t) => {
  const server = await new Server({ CLARION_HOST: '0.0.0.0' }).start();
  t.after(() => server.end());
  const token = (name, scope) =>
    JSON.parse(
      execFileSync(binary, ['token', 'create', '--name', name, '--scope', scope, '--json'], {
        env: {
          PATH: process.env.PATH,
          CLARION_ENV: 'local',
          CLARION_DATA_DIR: join(server.folder, 'data'),
        },
        encoding: 'utf8',
      }),
    ).token;
  const reader = token('reader', 'read');
  const page = await openPage(browser, server, { path: '/campaigns/new' });
  const enter = async (text) => {
    await page.getByRole('dialog', { name: 'This server asks for a token' }).waitFor();
    await page.getByRole('textbox', { name: 'Token' }).fill(text);
    await page.getByRole('button', { name: 'Use this token' }).click();
  };
  await enter('clarion_wrong');
  await page.getByText('was refused').waitFor();
  await enter(reader);
  await page.getByLabel('Who should hear about it?').fill('everyone');
  await page.getByRole('button', { name: 'Find people' }).click();
  await page.getByText('Will get a message').first().waitFor();
  for (let step = 0; step < 3; ++step) await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByLabel('Messages per second on each channel').fill('20');
  await answerQuietHours(page);
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('button', { name: 'Simulate', exact: true }).click();
  await page.getByText('The campaign was not started').waitFor();
  await page.getByText(/scope/).first().waitFor();
  assert.ok(!(await page.content()).includes(reader), 'the token stands nowhere in the page');
  await page.context().close();
});
