// What people look for on the pages: how things came to be as they are, and nothing that is secret.

import { expect, onTestFinished, test } from 'vitest'
import { describeWith } from '../full/install.ts'
import { violationsOf } from './accessibility.ts'
import { findChromium } from './chromium.ts'
import { useScene, taskIs, until } from './scene.ts'
import { look, pool, shell, type Look } from './stage.ts'

describeWith('the dashboard in detail', await findChromium(), (chromium) => {
  const scene = useScene(chromium)

  const see = async (path: string): Promise<Look> => {
    const looking = await look(scene.browser, scene.stage.dashboard.url)
    onTestFinished(async () => {
      expect(looking.errors).toEqual([])
      await looking.close()
    })
    await looking.page.goto(path)
    return looking
  }

  /** What the state history of a page says once it has so many entries. */
  const historyOn = async (path: string, count: number): Promise<string[]> => {
    const { page } = await see(path)
    const badges = page.getByRole('region', { name: 'State history' }).locator('.badge')
    return until(async () => {
      const states = await badges.allTextContents()
      return states.length === count ? states : undefined
    })
  }

  test('recent events tell how tasks ended: with a sign, a word and the exit code', async () => {
    const { page } = await see('/')
    const events = page.getByRole('list', { name: 'Recent events' })
    const eventOf = (name: string) => events.getByRole('listitem').filter({ hasText: name })
    await eventOf('film/bad').filter({ hasText: 'failed' }).getByText('exit code 3').waitFor()
    const signOf = async (name: string, outcome: string): Promise<string | null> =>
      eventOf(name).filter({ hasText: outcome }).locator('.badge path').getAttribute('d')
    expect(await signOf('film/bad', 'failed')).not.toBe(await signOf('film/good', 'succeeded'))
    await eventOf('broken/').getByText('start task failed').first().waitFor()
  })

  test('the history of a task goes from its beginning to its outcome', async () => {
    expect(await historyOn('/jobs/film/tasks/bad', 3)).toEqual(['failed', 'running', 'active'])
    expect(await historyOn('/jobs/film/tasks/good', 3)).toEqual(['succeeded', 'running', 'active'])
  })

  test('the history of a node goes from its creation to the failure of its start task', async () => {
    expect(await historyOn(`/pools/broken/nodes/${scene.nodes.failed}`, 4)).toEqual([
      'start task failed',
      'start task runs',
      'starting',
      'creating',
    ])
  })

  test('the history of a pool tells of its size', async () => {
    expect(await historyOn('/pools/broken', 3)).toEqual(['steady', 'resizing', 'active'])
  })

  test('a pool that scales itself has a chart of its targets, which grows with each evaluation', async () => {
    const { page } = await see('/pools/elastic')
    await page.getByText('Last evaluation').waitFor()
    expect(await page.getByRole('img', { name: /^Targets/ }).count()).toBe(0)
    const autoScaleFormula = '$TargetDedicatedNodes = 2;'
    await scene.stage.send('POST', '/pools/elastic/enableautoscale', { autoScaleFormula })
    await page.getByRole('region', { name: 'Autoscale formula' }).getByText(autoScaleFormula).waitFor()
    const chart = page.getByRole('img', {
      name: 'Targets of the last 2 evaluations; now 2 dedicated and 0 spot nodes',
    })
    await chart.locator('canvas').waitFor()
    await page.getByText('spot nodes', { exact: true }).waitFor()
    const isDrawn = await page.evaluate(`{
      const canvas = document.querySelector('[aria-label^="Targets"] canvas')
      canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((part) => part > 0)
    }`)
    expect(isDrawn).toBe(true)
    expect(await violationsOf(page)).toEqual([])
  })

  test('a formula that cannot be evaluated is told with its error', async () => {
    const autoScaleFormula = '$TargetDedicatedNodes = 1 / ($CurrentDedicatedNodes - $CurrentDedicatedNodes);'
    const { targetDedicatedNodes: _, ...body } = pool('wrong') as Record<string, unknown>
    await scene.stage.send('POST', '/pools', { ...body, enableAutoScale: true, autoScaleFormula })
    const { page, errors } = await see('/pools/wrong')
    await page.getByText('The evaluation failed').waitFor()
    await page.getByRole('region', { name: 'Autoscale formula' }).getByText(autoScaleFormula).waitFor()
    expect(errors).toEqual([])
  })

  test('neither signatures nor keys of what people wrote reach the browser', async () => {
    const signature = 'q0FzBabcDEF0123456789xyzSECRET%3D'
    const sas = `sv=2024-11-04&se=2027-01-01&sig=${signature}`
    const key = `${'k'.repeat(60)}SECRET==`
    await scene.stage.send('POST', '/jobs/film/tasks', {
      id: 'secretive',
      commandLine: shell(`sleep 600 # --sastoken "${sas}"`),
      resourceFiles: [{ httpUrl: `https://acct.blob.core.windows.net/in/a.txt?${sas}`, filePath: 'a.txt' }],
      outputFiles: [
        {
          filePattern: '*.txt',
          destination: { container: { containerUrl: `https://acct.blob.core.windows.net/out?${sas}` } },
          uploadOptions: { uploadCondition: 'taskCompletion' },
        },
      ],
      environmentSettings: [{ name: 'STORAGE', value: `AccountName=a;AccountKey=${key}` }],
    })
    const looking = await look(scene.browser, scene.stage.dashboard.url)
    onTestFinished(looking.close)
    const { page } = looking
    const received: string[] = []
    page.on('response', async (response) => {
      received.push(response.url())
      if (response.url().includes('/api/batch')) received.push(await response.text().catch(() => ''))
    })
    await page.goto('/jobs/film/tasks/secretive')
    await page.getByText('https://acct.blob.core.windows.net/in/a.txt').first().waitFor()
    await page.getByText('https://acct.blob.core.windows.net/out').first().waitFor()
    await page.getByText('--sastoken', { exact: false }).first().waitFor()
    await page.getByText('Environment (1)').click()
    await page.getByText('AccountName=a;AccountKey=***').waitFor()
    await taskIs(scene.stage, 'film', 'secretive', 'completed')
    await page.getByText('The task failed').waitFor()
    await page.goto('/')
    await page.getByText('Recent events').waitFor()
    expect([...received, await page.content()].filter((text) => text.includes('SECRET'))).toEqual([])
    expect(received.some((text) => text.includes('sig=***'))).toBe(true)
  })

  test('a switch takes all actions away, and the browser remembers it', async () => {
    const { page } = await see('/jobs/film')
    const toggle = page.getByRole('switch', { name: 'Read-only' })
    const terminate = page.getByRole('button', { name: 'Terminate' })
    await terminate.waitFor()
    await toggle.press('Enter')
    await terminate.waitFor({ state: 'detached' })
    await page.goto('/pools/farm')
    await page.getByRole('heading', { name: 'Pool farm' }).waitFor()
    expect(await toggle.getAttribute('aria-checked')).toBe('true')
    expect(await page.getByRole('button', { name: 'Resize' }).count()).toBe(0)
    await toggle.click()
    await page.getByRole('button', { name: 'Resize' }).waitFor()
  })

  test('tasks that are called like members of every object have their place in the graph', async () => {
    await scene.stage.send('POST', '/jobs', {
      id: 'odd',
      usesTaskDependencies: true,
      poolInfo: { poolId: 'broken' },
    })
    await scene.stage.send('POST', '/jobs/odd/addtaskcollection', {
      value: [
        { id: '__proto__', commandLine: 'true' },
        { id: 'constructor', commandLine: 'true', dependsOn: { taskIds: ['__proto__'] } },
      ],
    })
    const { page } = await see('/jobs/odd')
    await page.getByRole('tab', { name: 'Dependencies' }).click()
    await page.getByRole('link', { name: 'constructor: active, depends on __proto__' }).click()
    await page.getByRole('heading', { name: 'Task constructor' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/jobs/odd/tasks/constructor')
  })
})
