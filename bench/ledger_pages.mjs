// ledger_pages.mjs [--deliveries N] [--folder F] [--browser] [--check]: how long the recipient ledger takes to open and to page, over the
// built program and a SQLite ledger that a campaign to N contacts has filled. The last line is its figures as JSON.
//
// Folder     of an earlier run that was ended: its data/ is measured as it is, and left.
// Accepted   opens in 1 s, pages in 200 ms, at a million deliveries; --check ends with 1 where that does not hold.
// Measured   from the request to its last byte, over one kept connection; opening begins with a new process, whose caches
//            are empty. With --browser also in Chromium: from the address, or the click, to the row on the screen.
// Needs      CLARION_BINARY and CLARION_UI_DIR as tests/e2e/harness.mjs; about 3 GB of disk for a million.

import { spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { binary, openPage, Server, startBrowser } from '../tests/e2e/harness.mjs';

const { values: options } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '1000000' },
    folder: { type: 'string' },
    browser: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});
const deliveries = Number(options.deliveries);
const mostToOpen = 1000; // ms
const mostToPage = 200;
const pages = 40;

const server = new Server({
  CLARION_SIM_LATENCY_MS: '0',
  CLARION_SIM_FAILURE_RATE: '0.03',
  CLARION_MAX_TPS: '1000000',
});
if (options.folder) server.folder = options.folder;
const contacts = join(server.folder, 'contacts');
const data = join(server.folder, 'data');

const rounded = (milliseconds) => Math.round(milliseconds * 10) / 10;
const median = (times) => rounded([...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]);
const most = (times) => rounded(Math.max(...times));

async function timed(path) {
  const began = performance.now();
  const document = await server.call('GET', path);
  return { document, took: performance.now() - began };
}

async function fill() {
  const run = (...command) => {
    const { status } = spawnSync(binary, command, {
      stdio: 'ignore',
      env: { PATH: process.env.PATH, CLARION_DATA_DIR: data },
    });
    // 3: some rows were refused; the demo audience has bad ones on purpose.
    if (status !== 0 && status !== 3) throw new Error(`clarion ${command[0]} ended with ${status}`);
  };
  run('seed', '--contacts', String(deliveries), '--seed', '1', '--out', contacts);
  run('import', join(contacts, 'contacts.json'));
  rmSync(contacts, { recursive: true });
  await server.start();
  await server.call('POST', '/api/campaigns', {
    campaign_id: 'large',
    name: 'Large',
    filter: { everyone: true },
    respect_caps: false,
    throughput_tps: 1_000_000,
  });
  for (let campaign; ; await new Promise((wait) => setTimeout(wait, 1000))) {
    campaign = await server.call('GET', '/api/campaigns/large');
    if (campaign.status === 'completed') return;
    if (campaign.status === 'paused') throw new Error(campaign.status_reason);
  }
}

// As src/domain/delivery.cpp writes it: the campaign's number and the position in its plan, in base 32.
function idOf(campaign, position) {
  const digits = '0123456789abcdefghjkmnpqrstvwxyz';
  let text = '';
  for (let rest = (campaign << 32n) | position; rest > 0n; rest >>= 5n) text = digits[Number(rest & 31n)] + text;
  return `d-${text}`;
}

const ledger = '/api/deliveries?campaign_id=large&limit=50';

// What opening the screen asks for, of a server that has only just been started.
async function open() {
  await server.stop();
  await server.start();
  const campaign = await timed('/api/campaigns/large');
  const first = await timed(ledger);
  return { took: campaign.took + first.took, page: first.document };
}

async function turn(path, first) {
  const times = [];
  let next = first;
  while (next && times.length < pages) {
    const page = await timed(`${path}&after=${next}`);
    times.push(page.took);
    next = page.document.next;
  }
  return times;
}

// The first pages of what is looked for in a million rows; where little or nothing matches, all of them are read.
async function filter() {
  const somebody = (await server.call('GET', `${ledger}&state=failed`)).deliveries.at(-1);
  const last = (await server.call('GET', '/api/deliveries?limit=1')).deliveries[0];
  const searches = {
    failed: '&state=failed',
    'failed for one reason': `&state=failed&reason=${somebody.reason}`,
    'one channel': '&channel=whatsapp',
    'nobody in doubt': '&state=in_doubt',
    'a reason that nobody has': '&reason=no_such_reason',
    'one person': `&contact_id=${encodeURIComponent(last.contact_id)}`,
    'a person who is not there': '&contact_id=NOBODY',
  };
  const figures = {};
  for (const [name, query] of Object.entries(searches)) {
    const times = [];
    for (let i = 0; i < 5; ++i) times.push((await timed(ledger + query)).took);
    figures[name] = { median_ms: median(times), most_ms: most(times) };
  }
  return figures;
}

async function exportAll(rows) {
  const began = performance.now();
  const response = await fetch(`${server.address}/api/deliveries?campaign_id=large&format=csv`);
  let bytes = 0;
  for await (const chunk of response.body) bytes += chunk.length;
  const seconds = (performance.now() - began) / 1000;
  return { seconds: rounded(seconds), megabytes: Math.round(bytes / 1e6), rows_per_second: Math.round(rows / seconds) };
}

// In a browser: everything that a person waits for.
async function look() {
  const browser = await startBrowser();
  try {
    const page = await openPage(browser, server, { path: '/' });
    await page.waitForLoadState('networkidle');
    const firstCell = 'table[aria-label="Deliveries"] tbody tr:first-child th, [role=grid] tbody tr:first-child th';
    const began = performance.now();
    await page.goto(`${server.address}/campaigns/large/recipients`);
    await page.locator(firstCell).first().waitFor();
    const opened = performance.now() - began;
    const turns = [];
    for (let i = 0; i < 10; ++i) {
      const before = await page.locator(firstCell).first().innerText();
      const clicked = performance.now();
      await page.getByRole('button', { name: 'Next page' }).click();
      await page.waitForFunction(
        ([cell, text]) => document.querySelector(cell)?.innerText !== text,
        [firstCell, before],
        { polling: 'raf' },
      );
      turns.push(performance.now() - clicked);
    }
    return { open_ms: rounded(opened), page_median_ms: median(turns), page_most_ms: most(turns) };
  } finally {
    await browser.close();
  }
}

try {
  const began = performance.now();
  if (options.folder) await server.start();
  else await fill();
  const campaign = await server.call('GET', '/api/campaigns/large');
  const figures = {
    load_average: rounded(loadavg()[0]), // other work on the machine, which every figure below has waited for
    deliveries: campaign.planned,
    filled_in_seconds: options.folder ? null : Math.round((performance.now() - began) / 1000),
    ledger_megabytes: Math.round(statSync(join(data, 'clarion.db')).size / 1e6),
  };
  const opened = await open();
  figures.open_ms = rounded(opened.took);
  const near = await turn(ledger, opened.page.next);
  // Paging is by id, so that a deep page costs what the first does.
  const deep = await turn(ledger, idOf(1n, BigInt(Math.floor(deliveries / 2))));
  figures.page_median_ms = median([...near, ...deep]);
  figures.page_most_ms = most([...near, ...deep]);
  figures.filters = await filter();
  figures.export = await exportAll(campaign.planned);
  if (options.browser) figures.browser = await look();
  console.log(JSON.stringify(figures, null, 1));
  console.log(JSON.stringify(figures));
  const isKept = figures.open_ms <= mostToOpen && figures.page_most_ms <= mostToPage;
  if (options.check && !isKept) process.exitCode = 1;
} finally {
  if (options.folder) await server.stop();
  else await server.end();
}
