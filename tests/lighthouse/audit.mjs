// audit.mjs [--strict] [SCREEN...]: Lighthouse over the served build of the console, as a desktop browser loads it: every
// screen below, or those that are named. Accessibility and best practices decide: 95 of 100 at least. Performance is timed,
// so that it decides with --strict only, for a quiet machine. Whole reports lie in build/lighthouse.
//
// Needs   what tests/e2e/harness.mjs needs.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';
import { root, Server } from '../e2e/harness.mjs';

const least = 95;
const isStrict = process.argv.includes('--strict');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--')); // none: all screens
const categories = ['performance', 'accessibility', 'best-practices'];
const screens = {
  overview: '/',
  campaigns: '/campaigns',
  campaign: '/campaigns/spring',
  recipients: '/campaigns/spring/recipients',
  results: '/campaigns/spring/results',
  create: '/campaigns/new',
  deliveries: '/deliveries',
  contacts: '/contacts',
  templates: '/templates',
  segments: '/segments',
  suppressions: '/suppressions',
  quotas: '/quotas',
  settings: '/settings',
};
const reports = join(root, 'build', 'lighthouse');
mkdirSync(reports, { recursive: true });

const server = await new Server({ CLARION_SIM_FAILURE_RATE: '0.1' }).start();
const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
let failures = 0;
try {
  await server.startCampaign('spring', { name: 'Spring' });
  await server.finished('spring');

  for (const [name, path] of Object.entries(screens)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const { lhr } = await lighthouse(
      server.address + path,
      { port: chrome.port, onlyCategories: categories, output: 'json', logLevel: 'error' },
      desktopConfig,
    );
    writeFileSync(join(reports, `${name}.json`), JSON.stringify(lhr, null, 1));
    const scores = Object.fromEntries(categories.map((id) => [id, Math.round(100 * lhr.categories[id].score)]));
    const isBad = (id) => scores[id] < least && (isStrict || id !== 'performance');
    const bad = categories.filter(isBad);
    console.log(
      `${bad.length ? 'FAIL' : 'ok  '} ${name.padEnd(12)} ${categories.map((id) => `${id} ${scores[id]}`).join(', ')}`,
    );
    for (const id of categories.filter((one) => scores[one] < least)) {
      for (const { id: audit, weight } of lhr.categories[id].auditRefs) {
        const { score, title, displayValue = '' } = lhr.audits[audit];
        if (weight > 0 && score !== null && score < 0.9) console.log(`       ${id}: ${title} ${displayValue} (${audit})`);
      }
    }
    failures += bad.length;
  }
} finally {
  chrome.kill();
  await server.end();
}
process.exitCode = failures === 0 ? 0 : 1;
