// Every page renders at both widths without overflow, in both colour schemes, without an error, a request or a serious
// finding of axe; its filter works; what stands in it is text.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {launch, open, violations, widths} from './browser.js';
import {reports} from './reports.js';

let browser, files, remove;
before(async () => { ({files, remove} = reports()); browser = await launch(); });
after(async () => { await browser?.close(); remove?.(); });

const names = ['audit', 'audit-verbose', 'audit-files', 'diff', 'diff-same', 'diff-platforms', 'parity', 'hostile-audit', 'hostile-diff', 'hostile-parity'];
const count = text => Number(/^\d+/.exec(text));
const shown = page => page.locator('output[name=shown]').innerText();

for (const name of names) {
  test(`${name}: widths, colours, accessibility`, async () => {
    const {page, problems, close} = await open(browser, files[name]);
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.notEqual(await page.title(), '');
    for (const unfolded of [false, true]) {
      if (unfolded) await page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
      for (const [width, viewport] of Object.entries(widths)) {
        await page.setViewportSize(viewport);
        assert.equal(await overflow(), 0, `overflows on a ${width}${unfolded ? ', unfolded' : ''}`);
      }
    }
    for (const colorScheme of ['dark', 'light']) {
      await page.emulateMedia({colorScheme});
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const bright = background.match(/\d+/g).slice(0, 3).reduce((sum, n) => sum + Number(n), 0) > 380;
      assert.equal(bright, colorScheme === 'light', `the background is ${background}`);
      assert.deepEqual(await violations(page), [], colorScheme);
    }
    await page.setViewportSize(widths.phone);
    assert.deepEqual(await violations(page), [], 'on a phone');
    assert.deepEqual(problems, []);
    await close();
  });
}

test('the filter of an audit', async () => {
  const {page, problems, close} = await open(browser, files.audit);
  const all = count(await shown(page));
  assert.equal(all, await page.locator('.items > li').count());
  await page.fill('#find', 'workloads.web health');
  const some = count(await shown(page));
  assert.ok(some > 0 && some < all, `${some} of ${all}`);
  for (const text of await page.locator('.group:not([hidden]) .items > li:not([hidden])').allTextContents()) assert.match(text, /workloads\.web/);
  await page.getByRole('checkbox', {name: 'nomad'}).uncheck();
  assert.ok(count(await shown(page)) < some);
  await page.fill('#find', 'there is no such thing');
  assert.equal(await shown(page), '0 places');
  assert.ok(await page.locator('.empty').isVisible());
  await page.getByRole('button', {name: 'Show all'}).click();
  await page.waitForFunction(n => document.querySelector('output[name=shown]').value.startsWith(n + ' '), all);
  await page.waitForFunction(() => !document.querySelector('.items > li[hidden]')); // places are shown a frame later than counted
  assert.deepEqual(problems, []);
  await close();
});

test('a cell of the matrix asks for its findings', async () => {
  const {page, close} = await open(browser, files.audit);
  const cell = page.locator('#matrix a[data-find]').first();
  const [target, kind] = [await cell.getAttribute('data-value'), await cell.getAttribute('data-find')];
  await cell.click();
  assert.equal(await page.inputValue('#find'), kind);
  const groups = page.locator('.group:not([hidden])');
  assert.ok(await groups.count() > 0);
  for (const group of await groups.all()) assert.equal(await group.getAttribute('data-target'), target);
  await close();
});

test('the filter of a diff and of a parity report', async () => {
  for (const name of ['diff', 'parity']) {
    const {page, close} = await open(browser, files[name]);
    const all = count(await shown(page));
    await page.fill('#find', 'replicas');
    const some = count(await shown(page));
    assert.ok(some > 0 && some < all, `${name}: ${some} of ${all}`);
    await close();
  }
});

test('without scripts everything is shown', async () => {
  const {page, close} = await open(browser, files.audit, {javaScriptEnabled: false});
  assert.equal(await page.locator('.items > li[hidden]').count(), 0);
  assert.ok(await page.locator('.items > li').count() > 20);
  await close();
});

test('lines that belong together, by mouse and keyboard', async () => {
  const {page, problems, close} = await open(browser, files['audit-files']);
  const beside = page.locator('details.beside').first();
  await beside.locator('summary').click();
  const panes = beside.locator('.pane');
  const line = panes.nth(0).locator('li[data-g]').filter({hasText: 'image:'}).first();
  await line.hover();
  const lit = await panes.nth(1).locator('li.on').allTextContents();
  assert.ok(lit.length > 0 && lit.some(text => text.includes('image')), lit.join('\n'));
  await line.locator('a').click();
  assert.equal(await page.evaluate(() => location.hash), '', 'the page itself stays where it is');
  const first = panes.nth(0).locator('li[data-g] > a').first();
  await first.focus();
  await page.keyboard.press('ArrowDown');
  const focused = await page.evaluate(() => document.activeElement.closest('li')?.classList.contains('on'));
  assert.equal(focused, true);
  assert.equal(await panes.nth(0).locator('a[tabindex="0"]').count(), 1, 'one stop of the tabulator');
  assert.deepEqual(problems, []);
  await close();
});

test('the first stop of the keyboard leads to the report', async () => {
  const {page, close} = await open(browser, files.audit);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the report');
  await close();
});

test('it prints', async () => {
  const {page, close} = await open(browser, files.audit);
  const paper = await page.pdf({format: 'A4'});
  assert.ok(paper.length > 20_000);
  await page.emulateMedia({media: 'print'});
  assert.equal(await page.locator('form.filter').isVisible(), false);
  assert.equal(await page.locator('nav').isVisible(), false);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.equal(await page.locator('#findings details:not([open])').count(), 0);
  await close();
});

test('what a user wrote is text, and secrets are nowhere', async () => {
  for (const name of ['hostile-audit', 'hostile-diff', 'hostile-parity']) {
    const {page, close} = await open(browser, files[name]);
    await page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
    assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
    assert.equal(await page.locator('script').count(), 1);
    assert.equal(await page.locator('img, iframe, [onerror], [onload], a[href^="javascript"]').count(), 0);
    assert.ok((await page.content()).includes('&lt;script&gt;'), name);
    assert.ok(!readFileSync(files[name], 'utf8').includes('hunter2'), `${name} shows a secret`);
    await close();
  }
});

test('the picture stands alone', async () => {
  const {page, problems, close} = await open(browser, files.svg);
  assert.equal(await page.evaluate(() => document.documentElement.localName), 'svg');
  assert.ok(await page.evaluate(() => document.querySelectorAll('.node').length) > 5);
  assert.deepEqual(problems, []);
  await close();
});
