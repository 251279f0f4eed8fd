// The console in production, against the stand-in of AWS that refuses what AWS would refuse: the strip is loud, a token is
// asked for, the button sends, and what the results say is what AWS counted.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { answerQuietHours, binary, openPage, root, Server, shoot, startBrowser } from './harness.mjs';

let aws;
let awsAddress;
let server;
let browser;

before(async () => {
  aws = spawn(process.execPath, [join(root, 'tests/support/aws_stand_in/main.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const port = await new Promise((found) => aws.stdout.once('data', (line) => found(Number(String(line).trim()))));
  awsAddress = `http://127.0.0.1:${port}`;
  server = await new Server({
    CLARION_ENV: 'production',
    CLARION_STORE: 'sqlite',
    CLARION_HOST: '127.0.0.1',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: awsAddress,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: 'ASIASTANDIN',
    AWS_SECRET_ACCESS_KEY: 'stand-in-session-secret',
    AWS_SESSION_TOKEN: 'stand-in-session-token',
    PHONE_POOL_ID: 'pool-0123456789abcdef0123456789abcdef',
    SMS_CONFIGURATION_SET: 'clarion',
    SMS_PARTS_PER_SECOND: '60',
    WHATSAPP_PHONE_NUMBER_ID: 'phone-number-id-0123456789abcdef0123456789abcdef',
    SENDER_EMAIL: 'news@example.com',
    SES_CONFIGURATION_SET: 'clarion',
  }).start();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.end();
  aws?.kill();
});

test('a campaign is sent for real: token, button, results', async () => {
  const created = execFileSync(binary, ['token', 'create', '--name', 'e2e', '--scope', 'read,write,send', '--json'], {
    env: { PATH: process.env.PATH, ...server.environment, CLARION_DATA_DIR: join(server.folder, 'data') },
    encoding: 'utf8',
  });
  const page = await openPage(browser, server, { path: '/contacts' });
  const button = (name) => page.getByRole('button', { name, exact: true });
  await page.getByText('NO TOKEN', { exact: true }).waitFor();
  await page.getByRole('textbox', { name: 'Token' }).fill(JSON.parse(created).token);
  await button('Use this token').click();
  await page.getByText('PRODUCTION', { exact: true }).waitFor();

  const rows = Array.from({ length: 12 }, (_, i) => `P-${i},Ana,+1206300${1000 + i},opted_in`);
  const csv = ['customer_id,first_name,phone,sms_consent', ...rows].join('\n');
  await button('Import contacts').click();
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await button('Import 12 contacts').click();
  await button('Done').click();
  await page.getByRole('link', { name: 'Ana' }).first().waitFor();

  await page.goto(`${server.address}/campaigns/new?q=everyone`);
  await page.getByText('Will get a message').first().waitFor();
  await button('Next').click();
  await button('Next').click();
  // The stand-in knows no WhatsApp template of this name, and nobody here has agreed to WhatsApp.
  await page.getByRole('tab', { name: /WhatsApp/ }).click();
  await page.getByLabel('Template', { exact: true }).locator('visible=true').click();
  await page.getByRole('option', { name: /Leave this channel out/ }).click();
  await button('Next').click();
  await page.getByLabel('Messages per second on each channel').fill('20');
  await answerQuietHours(page);
  await button('Next').click();
  await page.getByText('This sends for real').waitFor();
  await shoot(page, 'production-review');
  await button('Send campaign').click();
  await page.waitForURL(/\/campaigns\/c-/);
  await page
    .getByText(/Completed: all 12 recipients/)
    .first()
    .waitFor();
  await page.getByRole('tab', { name: 'Results' }).click();
  await page.getByText('12 of 12').first().waitFor();
  await shoot(page, 'production-results');

  await page.goto(`${server.address}/quotas`);
  await page.getByText('SES GetAccount').first().waitFor();
  await page.getByText(/0 of 1,000,000/).waitFor();
  await page.getByText('Spending in a month').waitFor();
  await page.getByText('Quality rating of the number').waitFor();
  await shoot(page, 'production-quotas');

  const counts = await (await fetch(`${awsAddress}/__counts`)).json();
  assert.equal(counts.channels.sms.accepted, 12);
  assert.deepEqual(new Set(Object.values(counts.recipients)), new Set([1]), 'nobody got two');
  assert.equal(counts.unsigned, 0);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
