// Whatever tasks print and people write is shown as text, and does nothing.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { describeWith } from '../full/install.ts'
import { findChromium } from './chromium.ts'
import { taskIs } from './scene.ts'
import { look, openBrowser, openStage, pool, type Look, type Stage } from './stage.ts'

const HTML = `<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>{{7*7}}"'&`

/** What the task prints, byte by byte. */
const PROGRAM = `
process.stdout.write('<script>globalThis.hacked=1</script><img src=x onerror=globalThis.hacked=1>\\n')
process.stdout.write('\\x1b[31mred\\x1b[0m \\x1b]0;title\\x07\\x1b]8;;javascript:globalThis.hacked=1\\x1b\\\\link\\x1b]8;;\\x1b\\\\\\n')
process.stdout.write('safe\\u202Etxt.exe\\n10%\\r20%\\rdone\\n')
process.stderr.write('start ' + 'x'.repeat(1024 * 1024) + ' end\\n')
const fs = require('node:fs')
fs.writeFileSync('binary.bin', Buffer.from(Array.from({ length: 4096 }, (_, i) => i % 256)))
fs.writeFileSync('page.html', '<!doctype html><script>globalThis.hacked=1</script>')
fs.writeFileSync('evil.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="globalThis.hacked=1"/>')
fs.writeFileSync('<img src=x onerror=globalThis.hacked=1>.txt', 'named badly')
`

describeWith('hostile content in the dashboard', await findChromium(), (chromium) => {
  let stage: Stage
  let browser: Browser

  beforeAll(async () => {
    stage = await openStage()
    browser = await openBrowser(chromium)
    const metadata = [{ name: HTML, value: HTML }]
    const quoted = Buffer.from(PROGRAM).toString('base64')
    await stage.send('POST', '/pools', pool('p', { displayName: HTML, metadata }))
    await stage.send('POST', '/jobs', { id: 'j', displayName: HTML, metadata, poolInfo: { poolId: 'p' } })
    await stage.send('POST', '/jobs/j/tasks', {
      id: 't',
      displayName: HTML,
      commandLine: `${process.execPath} -e "eval(Buffer.from('${quoted}','base64').toString())" "${HTML.replaceAll('"', '')}"`,
      environmentSettings: [{ name: 'EVIL', value: HTML }],
    })
    await taskIs(stage, 'j', 't', 'completed')
  })

  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })

  const see = async (path: string): Promise<Look> => {
    const looking = await look(browser, stage.dashboard.url)
    onTestFinished(async () => {
      expect(await looking.page.evaluate('globalThis.hacked')).toBeUndefined()
      expect(looking.errors).toEqual([])
      expect(looking.strangers).toEqual([])
      await looking.close()
    })
    await looking.page.goto(path)
    return looking
  }

  test.each(['/', '/pools', '/pools/p', '/jobs', '/jobs/j', '/jobs/j/tasks/t'])(
    'names and metadata on %s are text',
    async (path) => {
      const { page } = await see(path)
      await page.getByText('<script>globalThis.hacked=1</script>', { exact: false }).first().waitFor()
      expect(await page.locator('main script, main iframe, main object, main img').count()).toBe(0)
    },
  )

  test('HTML in the output is text, escape sequences are gone, directions stay as they are', async () => {
    const { page } = await see('/jobs/j/tasks/t')
    const log = page.getByRole('region', { name: 'stdout' }).locator('pre')
    await log.getByText('red', { exact: false }).waitFor()
    expect(await log.textContent()).toBe(
      '<script>globalThis.hacked=1</script><img src=x onerror=globalThis.hacked=1>\nred link\nsafe\uFFFDtxt.exe\ndone\n',
    )
  })

  test('a line of a megabyte is cut, with a note, and the page stays quick', async () => {
    const { page } = await see('/jobs/j/tasks/t')
    const stderr = page.getByRole('region', { name: 'stderr' })
    await stderr.getByText('more characters in this line', { exact: false }).first().waitFor()
    await stderr.getByText('are not shown; download the file', { exact: false }).waitFor()
    expect(((await stderr.locator('pre').textContent()) ?? '').length).toBeLessThan(3000)
  })

  test('bytes are shown in hexadecimal, documents as their source, bad names as they are', async () => {
    const { page } = await see('/jobs/j/tasks/t')
    await page.getByRole('button', { name: 'wd/binary.bin', exact: true }).click()
    await page
      .getByRole('region', { name: 'Content of wd/binary.bin' })
      .getByText('000010  10 11 12 13', { exact: false })
      .waitFor()
    await page.getByRole('button', { name: 'wd/page.html', exact: true }).click()
    await page
      .getByRole('region', { name: 'Content of wd/page.html' })
      .getByText('<!doctype html>', { exact: false })
      .waitFor()
    await page.getByRole('button', { name: 'wd/evil.svg', exact: true }).click()
    await page
      .getByRole('region', { name: 'Content of wd/evil.svg' })
      .getByText('<svg xmlns', { exact: false })
      .waitFor()
    await page
      .getByRole('button', { name: 'wd/<img src=x onerror=globalThis.hacked=1>.txt', exact: true })
      .click()
    await page.getByText('named badly').waitFor()
    expect(await page.locator('main img').count()).toBe(0)
  })

  test('an address full of HTML is no page, and nothing of it runs', async () => {
    const looking = await look(browser, stage.dashboard.url)
    onTestFinished(looking.close)
    await looking.page.goto(`/jobs/${encodeURIComponent(HTML)}`)
    await looking.page.getByText('Cannot show the job').waitFor()
    expect(await looking.page.evaluate('globalThis.hacked')).toBeUndefined()
  })
})
