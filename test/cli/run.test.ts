import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { malachite, startEmulatorCommand, temporaryDirectory, waitForOutput } from './command.ts'

test("a run on the local backend prints the tutorial's transcript and leaves its results", async () => {
  const cwd = await temporaryDirectory()
  const { stdout, stderr, exitCode } = await malachite(['run'], { cwd })
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  const shape = stdout
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME')
    .replace(/0:20:00\.{3,}/, '0:20:00...')
    .replace(/Elapsed time: 0:00:\d\d/, 'Elapsed time: SHORT')
    .replace(/^Wall clock {2}0:00:\d\d$/m, 'Wall clock  SHORT')
    .replace(/\d+\.\d s/g, 'SECONDS')
    .replace(/\d+(\.\d)? k?B/g, 'BYTES')
    .replace(/^Uploading file \S+\//gm, 'Uploading file ')
    .replaceAll(`${cwd}/`, '')
    .split('\n')
  const blobs = ['taskdata1_OUTPUT.txt', 'taskdata2_OUTPUT.txt', 'taskdata3_OUTPUT.txt']
  expect(shape.slice(0, 2)).toEqual(['Sample start: TIME', ''])
  expect(shape.slice(2, 6).sort()).toEqual([
    ...[1, 2, 3].map((n) => `Uploading file taskdata${n}.txt to container [input]...`),
    'Uploading file top-words.mjs to container [application]...',
  ])
  expect(shape.slice(6, 12)).toEqual([
    'Creating pool [MalachiteTutorialPool]...',
    'Creating job [MalachiteTutorialJob]...',
    'Adding 3 tasks to job [MalachiteTutorialJob]...',
    "Monitoring all tasks for 'Completed' state, timeout in 0:20:00...",
    "  Success! All tasks reached the 'Completed' state within the specified timeout period.",
    'Downloading all files from container [output]...',
  ])
  expect(shape.slice(12, 15).sort()).toEqual(
    blobs.map((blob) => `  Downloaded blob [${blob}] from container [output] to output/${blob}`),
  )
  expect(shape.slice(15)).toEqual([
    '  Download complete!',
    'Deleting containers...',
    '',
    'Sample end: TIME',
    'Elapsed time: SHORT',
    '',
    'Delete job? [Y/n]',
    'Delete pool? [Y/n]',
    '',
    'Tasks       3 succeeded',
    'Run time    min SECONDS, median SECONDS, max SECONDS',
    'Nodes       2',
    'Files       BYTES up, BYTES down',
    'Wall clock  SHORT',
  ])
  expect((await readdir(join(cwd, 'output'))).sort()).toEqual(blobs)
})

test('--json is one document with ids, counts, outputs and times', async () => {
  const cwd = await temporaryDirectory()
  await writeFile(join(cwd, 'a.txt'), 'b a b')
  const { stdout, stderr, exitCode } = await malachite(['run', 'a.txt', '--json', '--num-words', '1'], {
    cwd,
  })
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  const document = JSON.parse(stdout) as { outputs: string[]; steps: unknown[]; elapsedMs: number }
  expect(document).toMatchObject({
    outcome: 'succeeded',
    backend: 'local',
    jobId: 'MalachiteTutorialJob',
    poolId: 'MalachiteTutorialPool',
    taskCounts: { completed: 1, succeeded: 1, failed: 0 },
    failedTasks: [],
    leftBehind: [],
  })
  expect(document.outputs).toEqual([join(cwd, 'output', 'a_OUTPUT.txt')])
  expect(document.steps).toHaveLength(9)
  expect(await readFile(join(cwd, 'output', 'a_OUTPUT.txt'), 'utf8')).toMatch(
    /^Word\tCount\n-{30}\nb:\t2\n-{30}\n/,
  )
})

test('tasks that are not done in time end the run with exit code 1', async () => {
  const cwd = await temporaryDirectory()
  const { stderr, exitCode } = await malachite(['run', '--timeout', '1ms'], { cwd })
  expect(stderr).toContain('The tasks did not complete within')
  expect(exitCode).toBe(1)
})

test('Ctrl-C cleans up and ends with 130', async () => {
  const cwd = await temporaryDirectory()
  const running = malachite(['run'], { cwd })
  await waitForOutput(running, 'Creating pool')
  running.kill('SIGINT')
  const { stdout, stderr, exitCode } = await running
  expect(exitCode).toBe(130)
  expect(stderr).toContain('Interrupted: cleaning up')
  expect(stdout).toContain('Deleting containers...')
  expect(stdout).not.toContain('[Y/n]')
})

test('a reader that goes away does not disturb the run', async () => {
  const cwd = await temporaryDirectory()
  const running = malachite(['run'], { cwd })
  running.stdout.destroy()
  const { stderr, exitCode } = await running
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  expect(await readdir(join(cwd, 'output'))).toHaveLength(3)
})

async function results(cwd: string): Promise<string[]> {
  const names = (await readdir(join(cwd, 'output'))).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(cwd, 'output', name), 'utf8')))
  return texts.map((text) => text.replace(/^Node: .*$/m, 'Node: ?'))
}

test('the emulator backend gives the same files as the local one', async () => {
  const { file } = await startEmulatorCommand('--silent')
  const [there, here] = [await temporaryDirectory(), await temporaryDirectory()]
  const args = ['run', '--backend', 'emulator', '--endpointsFile', file]
  const { stderr, exitCode } = await malachite(args, { cwd: there })
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  await malachite(['run'], { cwd: here })
  expect(await results(there)).toEqual(await results(here))
})

test('a wrong key ends the run with exit code 1 and a hint, and the key is not shown', async () => {
  const { file } = await startEmulatorCommand('--silent')
  const { stdout } = await malachite(['env', '--shell', 'json', '--endpointsFile', file])
  const env = { ...(JSON.parse(stdout) as Record<string, string>), AZURE_BATCH_ACCESS_KEY: 'd3Jvbmc=' }
  const cwd = await temporaryDirectory()
  const run = await malachite(['run', '--backend', 'emulator'], { cwd, env })
  expect(run.stderr).toMatch(/failed to authenticate[^]*The key is not that of devbatchaccount1/)
  expect(run.stdout + run.stderr).not.toContain('d3Jvbmc=')
  expect(run.exitCode).toBe(1)
})
