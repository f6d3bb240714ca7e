// The pictures of the documentation: small, and of both colour schemes.
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {launch, open} from './browser.js';
import {reports, root} from './reports.js';

const {files, remove} = reports();
const browser = await launch();
const folder = join(root, 'docs/pictures');
mkdirSync(folder, {recursive: true});
const shot = async (name, file, options, before = async () => {}) => {
  const {page, close} = await open(browser, file, options);
  await before(page);
  await page.screenshot({path: join(folder, name + '.png')});
  await close();
};
const desktop = {viewport: {width: 1000, height: 760}};
await shot('audit', files.audit, desktop);
await shot('audit-dark', files.audit, {...desktop, colorScheme: 'dark'}, async page => page.locator('#findings').scrollIntoViewIfNeeded());
await shot('diff', files['diff-platforms'], desktop, async page => page.evaluate(() => document.querySelector('#findings').scrollIntoView()));
await shot('beside', files['audit-files'], desktop, async page => {
  await page.locator('details.beside > summary').first().click();
  await page.evaluate(() => document.querySelector('#beside').scrollIntoView());
  await page.locator('.pane').first().locator('li[data-g]').nth(4).hover();
});
await shot('graph', files.audit, desktop, async page => page.evaluate(() => document.querySelector('#graph').scrollIntoView()));
await shot('phone', files.audit, {viewport: {width: 390, height: 760}});
await browser.close();
remove();
