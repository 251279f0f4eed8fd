// What the files of tests share that look at one server with one page a test: a page has to end without mistakes of its own.

import assert from 'node:assert/strict';
import { after, before, beforeEach } from 'node:test';
import { openPage, Server, startBrowser } from './harness.mjs';

// Starts before the first test of the file and ends after its last. `environment` is the server's; prepare(server) gives it
// what the tests look at.
export function startSuite(environment = {}, prepare = async () => {}) {
  const server = new Server(environment);
  let browser;
  let page = null;

  const close = async () => {
    if (!page) return;
    const { problems } = page;
    await page.context().close();
    page = null;
    assert.deepEqual(problems, [], 'the page reported mistakes');
  };
  before(async () => {
    await server.start();
    await prepare(server);
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await server.end();
  });
  beforeEach((t) => t.after(close));

  return {
    server,
    browser: () => browser,
    // Another page takes the place of the one before.
    open: async (options) => {
      await close();
      page = await openPage(browser, server, options);
      return page;
    },
    button: (name) => page.getByRole('button', { name, exact: true }),
    shows: (text) => page.getByText(text).first().waitFor(),
  };
}
