// What axe-core finds wrong with a page.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Result } from 'axe-core'
import type { Page } from 'playwright-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Serious and critical violations with the elements that have them. The page's policy lets no script in, so the debugger runs it. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(SOURCE)
  const results = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')
  return (results as { violations: Result[] }).violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => `${id}: ${html.slice(0, 200)} ${any[0]?.message ?? ''}`),
    )
}
