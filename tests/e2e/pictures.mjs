// The README's pictures: node pictures.mjs FOLDER (scripts/screenshot). The same contacts and conditions each time.

import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openPage, root, Server, startBrowser } from './harness.mjs';

const folder = resolve(root, process.argv[2] ?? 'docs/images');
mkdirSync(folder, { recursive: true });
const viewport = { width: 1280, height: 1000 };
const sentence = 'Run campaign for laptops in Bangalore with at least 2 purchases';

const server = await new Server().start();
const browser = await startBrowser();
async function save(page, name) {
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  console.log(`${path} (${statSync(path).size} bytes)`);
}
try {
  const create = await openPage(browser, server, {
    path: `/?q=${encodeURIComponent(sentence)}`,
    viewport: { ...viewport, height: 1400 }, // down to who gets none
  });
  await create.getByText('Who gets none, and why').waitFor();
  await create.waitForLoadState('networkidle');
  await save(create, 'create');

  await server.startCampaign('spring', {
    name: 'Spring offers',
    throughput_tps: 2,
  });
  const run = await openPage(browser, server, {
    path: '/campaigns/spring',
    viewport,
  });
  await run.getByText('Throughput').waitFor();
  await run.waitForTimeout(15_000); // long enough for a line to be seen
  await save(run, 'run');
} finally {
  await browser.close();
  await server.end();
}
