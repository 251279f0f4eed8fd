// A server of the built program and a browser to use it with; both end with the test.
//
// Needs   CLARION_BINARY, CLARION_UI_DIR (both have defaults for build/dev), Debian's chromium, and ui/node_modules.

import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const require = createRequire(join(root, 'ui', 'package.json'));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const binary = process.env.CLARION_BINARY ?? join(root, 'build', 'dev', 'clarion');
const page = process.env.CLARION_UI_DIR ?? join(root, 'build', 'ui');
export const pictures = join(root, 'build', 'screenshots');
mkdirSync(pictures, { recursive: true });

// The first line of a log with the value of a variable whose name says SECRET or TOKEN, or with a token of Clarion's;
// the same promise that tests/support/log_leaks.h checks.
function findLeak(log, environment) {
  const secrets = Object.entries(environment)
    .filter(([name, value]) => /SECRET|TOKEN/.test(name) && value.length >= 8)
    .map(([, value]) => value);
  return log
    .split('\n')
    .find((line) => /clarion_\w+_[\w-]{20}/.test(line) || secrets.some((secret) => line.includes(secret)));
}

// One process of `clarion serve`; start() again after stop() finds the same records.
export class Server {
  constructor(environment = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'clarion-e2e-'));
    this.environment = environment;
    this.port = 0;
    this.log = ''; // of all its processes
  }

  async start() {
    this.process = spawn(binary, ['serve', '--port', String(this.port), '--data', join(this.folder, 'data')], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        CLARION_ENV: 'local',
        CLARION_UI_DIR: page,
        CLARION_LOG_LEVEL: 'warn',
        CLARION_SIM_LATENCY_MS: '5',
        ...this.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.errors = '';
    this.process.stderr.on('data', (chunk) => {
      this.errors += chunk;
      this.log += chunk;
    });
    this.port = await new Promise((found, failed) => {
      let output = '';
      this.process.stdout.on('data', (chunk) => {
        output += chunk;
        const listening = /Open http:\/\/[^:]+:(\d+)/.exec(output);
        if (listening) found(Number(listening[1]));
      });
      this.process.on('error', failed);
      this.process.on('exit', (code) => failed(new Error(`clarion serve ended with ${code}: ${this.errors}`)));
    });
    return this;
  }

  get address() {
    return `http://localhost:${this.port}`;
  }

  async call(method, path, body) {
    const response = await fetch(this.address + path, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  // A campaign to everybody, at once; `more` adds to its request or changes it.
  startCampaign(id, more = {}) {
    return this.call('POST', '/api/campaigns', {
      campaign_id: id,
      name: id,
      filter: { everyone: true },
      respect_caps: false,
      throughput_tps: 500,
      ...more,
    });
  }

  // The campaign, once it has come to its end.
  async finished(id) {
    for (;;) {
      const campaign = await this.call('GET', `/api/campaigns/${id}`);
      if (campaign.status === 'completed') return campaign;
      await new Promise((wait) => setTimeout(wait, 200));
    }
  }

  async stop(signal = 'SIGTERM') {
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.kill(signal);
    await ended;
  }

  async end() {
    if (this.process && this.process.exitCode === null && this.process.signalCode === null) await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
    const leak = findLeak(this.log, this.environment);
    if (leak) throw new Error(`a log line with a secret: ${leak}`);
  }
}

export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

export const wide = { width: 1440, height: 1000 };
export const narrow = { width: 390, height: 844 };
// name, window, colours
export const looks = [
  ['wide-light', wide, 'light'],
  ['wide-dark', wide, 'dark'],
  ['narrow-light', narrow, 'light'],
  ['narrow-dark', narrow, 'dark'],
];

// A page that remembers what went wrong in it: exceptions, console errors and refusals of the security policy.
export async function newPage(
  browser,
  { viewport = wide, scheme = 'light', prepare = async () => {} } = {}, // prepare(page): before the first request
) {
  const context = await browser.newContext({
    viewport,
    colorScheme: scheme,
    reducedMotion: 'reduce',
    timezoneId: 'Asia/Kolkata',
    locale: 'en-US',
  });
  const opened = await context.newPage();
  opened.problems = [];
  opened.on('pageerror', (error) => opened.problems.push(String(error)));
  opened.on('console', (message) => {
    // A failed request is the page's business to show; everything else on the console is a mistake.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      opened.problems.push(message.text());
  });
  opened.setDefaultTimeout(60_000);
  await prepare(opened);
  return opened;
}

export async function openPage(browser, server, { path = '/', ...options } = {}) {
  const opened = await newPage(browser, options);
  await opened.goto(server.address + path);
  return opened;
}

// A page for visits: each loads its address anew and finds nothing that an earlier one has kept. Most of what a new page
// costs is paid once: the process, the compiled scripts.
export function visitorPage(browser, { prepare = async () => {}, ...options } = {}) {
  return newPage(browser, {
    ...options,
    prepare: async (page) => {
      await page.addInitScript(() => {
        if (globalThis.top !== globalThis) return; // a mail's preview may not look at what is kept
        localStorage.clear();
        sessionStorage.clear();
      });
      await prepare(page);
    },
  });
}

// Ends when all have ended, also when one fails: nothing goes on in the background of the next test.
export async function allOf(promises) {
  const failed = (await Promise.allSettled(promises)).filter(({ status }) => status === 'rejected');
  if (failed.length === 1) throw failed[0].reason;
  const reasons = failed.map(({ reason }) => reason);
  if (reasons.length > 1) throw new AggregateError(reasons, reasons.map(({ message }) => message).join('\n'));
}

// At night, where people of an audience are, the wizard asks whether they wait: here they do not.
export async function answerQuietHours(page) {
  const wait = page.getByRole('radio', { name: /Wait for each/ });
  const atOnce = page.getByRole('radio', { name: /Send at once/ });
  await wait.waitFor();
  if (!(await wait.isChecked())) await atOnce.check();
}

// The whole page, in a window as high as it is. Playwright's own `fullPage` makes Chromium take the window for one pixel wide
// for a moment, and the page lays itself out for that: what has no room is closed, and stays so.
export async function shoot(page, name) {
  const window = page.viewportSize();
  for (let height = window.height; ;) {
    const needed = await page.evaluate(() => document.documentElement.scrollHeight);
    if (needed <= height) break;
    height = needed;
    await page.setViewportSize({ ...window, height });
  }
  await page.screenshot({ path: join(pictures, `${name}.png`), animations: 'disabled' });
  await page.setViewportSize(window);
}

// What axe finds wrong in the page as it is now; empty when nothing.
export async function violations(page) {
  // Through the debugger: a script element would be refused by the content security policy, as it should.
  await page.evaluate(axeSource);
  const { violations: found } = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ['violations'] }),
  );
  return found.map(
    (rule) =>
      `${rule.id}: ${rule.help}: ${rule.nodes
        .map((node) => node.html.slice(0, 160))
        .slice(0, 3)
        .join(' | ')}`,
  );
}

// The tables, by name, whose columns need more room than there is: they would have to be scrolled sideways.
export const scrolledTables = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('table')]
      .filter((table) => table.scrollWidth > table.parentElement.clientWidth + 1)
      .map((table) => table.getAttribute('aria-label')),
  );
