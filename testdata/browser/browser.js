// Chromium, and what the tests ask of every page.
import {existsSync} from 'node:fs';
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const widths = {phone: {width: 390, height: 844}, desktop: {width: 1280, height: 900}};

export function launch() {
  const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  // Containers of CI have neither a sandbox nor much shared memory.
  return chromium.launch({executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu']});
}

// open opens a file and returns the page, with all that went wrong on it.
export async function open(browser, file, options = {}) {
  const context = await browser.newContext({viewport: widths.desktop, ...options});
  const page = await context.newPage();
  const problems = [];
  page.on('console', message => { if (['error', 'warning'].includes(message.type())) problems.push(message.text()); });
  page.on('pageerror', error => problems.push(String(error)));
  page.on('request', request => { if (request.url() !== pathToFileURL(file).href) problems.push('asks for ' + request.url()); });
  page.on('dialog', dialog => { problems.push('a dialog'); dialog.dismiss(); });
  await page.goto(pathToFileURL(file).href, {waitUntil: 'load'});
  return {page, problems, close: () => context.close()};
}

// violations returns what axe finds that is serious, each with its first place.
export async function violations(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, {resultTypes: ['violations']}));
  return result.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => `${v.id}: ${v.nodes.length} × ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary}`);
}
