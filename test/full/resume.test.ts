// A run that is killed in each of its nine steps, at the worst moment, and resumed: nothing is done twice.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { STEPS, type Step } from '@malachite/orchestrator'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  NAMES,
  prepare,
  repetitions,
  RESULTS,
  results,
  runUntil,
  startServices,
  type Services,
} from '../cli/killed-run.ts'

let services: Services

beforeAll(async () => {
  services = await startServices()
})

afterAll(() => services.close())

beforeEach(() => services.reset())

/** The request of each step whose answer is lost. */
const MOMENTS: Record<Step, RegExp> = {
  createContainers: /^PUT \/devstoreaccount1\/output$/,
  upload: /^PUT \/devstoreaccount1\/input\/b.txt$/,
  createPool: /^POST \/pools$/,
  createJob: /^POST \/jobs$/,
  addTasks: /^POST \/jobs\/\w+\/addtaskcollection$/,
  monitor: /^GET \/jobs\/\w+\/taskcounts$/,
  download: /^GET \/devstoreaccount1\/output\/b_OUTPUT.txt$/,
  deleteContainers: /^DELETE \/devstoreaccount1\/input$/,
  deleteJobAndPool: /^DELETE \/jobs\/\w+$/,
}

test.each(STEPS)(
  'a run that is killed in %s goes on where it was, and nothing is done twice',
  async (step) => {
    const { cwd, run } = await prepare(services)
    const othersAreThere = async (): Promise<boolean> => {
      const names = await readdir(join(cwd, 'output'))
      return step !== 'download' || names.filter((name) => !name.startsWith('.')).length === NAMES.length - 1
    }
    await runUntil(services, run, ({ what }) => MOMENTS[step].test(what), othersAreThere)
    const { stdout, stderr, exitCode } = await run(['--resume'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(stdout).toMatch(/^Sample start: .*\n\nResuming run [0-9a-f-]{36}: /)
    // What was on its way to the dead process has to come once more.
    const lost = step === 'download' ? ['GET /devstoreaccount1/output/b_OUTPUT.txt'] : []
    expect(repetitions(services)).toEqual(lost)
    expect(await results(cwd)).toEqual(RESULTS)
    expect(await services.storage.containerExists('output')).toBe(false)
    const again = await run(['--resume'])
    expect(again.stderr).toContain('There is no unfinished run')
    expect(again.exitCode).toBe(2)
  },
)
