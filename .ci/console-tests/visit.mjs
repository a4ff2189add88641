/** A browser on the page, and what it asked for and complained of meanwhile. */
import axe from 'axe-core';
import { chromium } from 'playwright-core';

export const DESKTOP = { viewport: { width: 1440, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
}

export class Visit {
  requests = [];
  complaints = [];

  constructor(context, page) {
    this.context = context;
    this.page = page;
    page.on('request', (request) => this.requests.push(request.url()));
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
  }

  /** @param look size of the window, colours and the like */
  static async to(browser, url, look = DESKTOP) {
    const context = await browser.newContext(look);
    const visit = new Visit(context, await context.newPage());
    await visit.page.goto(url);
    return visit;
  }

  /** Tab, until the focus is within what the selector names. @returns how often */
  async tabTo(selector, most = 60) {
    for (let keys = 1; keys <= most; keys++) {
      await this.page.keyboard.press('Tab');
      const there = await this.page.evaluate((wanted) => document.activeElement?.closest(wanted) != null, selector);
      if (there) return keys;
    }
    throw new Error(`${most} times Tab do not lead to ${selector}`);
  }

  /** What keeps people out, as axe sees it. */
  async barriers() {
    await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate(() => globalThis.axe.run());
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' ')}`);
  }

  /** By how much the page is wider than its window. */
  sideways() {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }

  close() {
    return this.context.close();
  }
}
