// Templates in the console, against the real program: versions, and an older one taken up again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage, Server, shoot, startBrowser } from './harness.mjs';

let server;
let browser;
before(async () => {
  server = await new Server().start();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const latest = (name, channel = 'sms') => server.call('GET', `/api/templates/${channel}/${name}`);

test('every save is a version, and an older one is taken up again', async () => {
  const page = await openPage(browser, server, { path: '/templates/sms/new' });
  const save = () => page.getByRole('button', { name: 'Save version' }).click();
  const text = page.getByRole('textbox', { name: 'Text', exact: true });
  await page.getByRole('textbox', { name: 'Name' }).fill('greeting');
  await text.fill('Hello from the first');
  await page.locator('.bubble', { hasText: 'Hello from the first' }).waitFor();
  await save();
  await page.getByText('Saved as version 1 of greeting').waitFor();
  await text.fill('Hello {{first_name}} from the second');
  await save();
  await page.getByText('Saved as version 2 of greeting').waitFor();
  assert.equal((await latest('greeting')).definition.text, 'Hello {{first_name}} from the second');
  await page.getByRole('button', { name: 'Show Version 1' }).click();
  await page.getByText('Version 1 is shown').waitFor();
  assert.equal(await text.inputValue(), 'Hello from the first');
  await shoot(page, 'template-version');
  assert.equal((await latest('greeting')).version, 2, 'looking changes nothing');
  await save();
  await page.getByText('Saved as version 3 of greeting').waitFor();
  assert.deepEqual((await latest('greeting')).definition, { text: 'Hello from the first', fallbacks: {} });
  assert.equal(await page.getByRole('table', { name: 'Versions' }).locator('tbody tr').count(), 3);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('what is typed while the list is read again after a save stays', async () => {
  const page = await openPage(browser, server, { path: '/templates/sms/new' });
  const text = page.getByRole('textbox', { name: 'Text', exact: true });
  const list = '**/api/templates';
  for (const version of [1, 2]) {
    if (version === 1) await page.getByRole('textbox', { name: 'Name' }).fill('typed-on');
    await text.fill(`Text of version ${version}`);
    let release;
    const typed = new Promise((done) => (release = done));
    await page.route(list, async (route) => {
      await typed;
      await route.continue();
    });
    const readAgain = page.waitForResponse(list);
    await page.getByRole('button', { name: 'Save version' }).click();
    await page.getByText(`Saved as version ${version} of typed-on`).waitFor();
    await text.fill(`Typed after version ${version}`);
    release();
    await (await readAgain).finished();
    await page.unroute(list);
    await page.getByText(`Version ${version} is in use`).waitFor();
    await page.getByRole('table', { name: 'Versions' }).getByText(`Version ${version}in use`).waitFor();
    assert.equal(await text.inputValue(), `Typed after version ${version}`);
    assert.equal(await page.getByText('Save it to take it up again').count(), 0);
  }
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('a WhatsApp template is written field by field, and keeps what it had', async () => {
  const before = await latest('promotion', 'whatsapp');
  const page = await openPage(browser, server, { path: '/templates/whatsapp/promotion' });
  await page.getByText('every WhatsApp template counts as approved').waitFor();
  const value = page.getByRole('textbox', { name: 'Value of parameter 1', exact: true });
  assert.equal(await value.inputValue(), '{{first_name}}');
  await value.fill('{{first_name}} {{last_name}}');
  await page.getByRole('button', { name: 'Save version' }).click();
  await page.getByText(/Saved as version 1 of promotion/).waitFor();
  const after = await latest('promotion', 'whatsapp');
  assert.deepEqual(after.definition, {
    ...before.definition,
    body: { ...before.definition.body, name: '{{first_name}} {{last_name}}' },
  });
  await page.getByRole('button', { name: 'Show As it comes with Clarion' }).waitFor();
  await page.context().close();
});
