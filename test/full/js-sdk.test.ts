// The unmodified @azure/batch: the release of the workspace, and older ones that speak older versions of the protocol.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ClientProgram, runClient, startTestEmulator } from './client.ts'
import { describeWith, type Found, installFromNpm } from './install.ts'
import { prepareStorage } from './storage.ts'

const RELEASES: [version: string, found: Found<string>][] = [
  ['10.2.0', { tool: import.meta.dirname }],
  ['8.0.0', await installFromNpm('@azure/batch@8.0.0')],
  ['7.0.0', await installFromNpm('@azure/batch@7.0.0')],
]

const ENDED = { state: 'completed', result: 'success', exitCode: 0, code: null, ran: true }

for (const [version, found] of RELEASES) {
  describeWith(`@azure/batch ${version}`, found, (directory) => {
    test('runs a whole workload, from a pool with a start task to the deletion of everything', async () => {
      const emulator = await startTestEmulator({ blobs: true })
      const { inputUrl, outputUrl, readOutputs } = await prepareStorage(emulator)
      const env = { INPUT_URL: inputUrl, OUTPUT_URL: outputUrl }
      expect(await runClient(emulator, script(directory, 'tutorial.ts', env))).toEqual({
        statuses: ['Success', 'Success', 'Success', 'Success'],
        tasks: {
          copy0: { ...ENDED, root: 'workitems/js-job/job-1/copy0' },
          copy1: { ...ENDED, root: 'workitems/js-job/job-1/copy1' },
          exit3: failed('exit3', 3, 'FailureExitCode'),
          missing: failed('missing', null, 'CommandProgramNotFound'),
        },
        files: {
          names: ['fileuploaderr.txt', 'fileuploadout.txt', 'stderr.txt', 'stdout.txt', 'wd/input.txt'],
          length: 'prepared\nfrom storage\n'.length,
          stdout: 'prepared\nfrom storage\n',
          stderr: 'copy0\n',
          nested: 'from storage\n',
          part: 'prepared',
        },
        node: { state: 'idle', startTask: 0, succeeded: 2, stdout: 'starting\n' },
        terminateReason: 'all read',
      })
      expect(await readOutputs()).toEqual({
        'copy0/stdout.txt': 'prepared\nfrom storage\n',
        'copy0/stderr.txt': 'copy0\n',
        'copy1/stdout.txt': 'prepared\nfrom storage\n',
        'copy1/stderr.txt': 'copy1\n',
      })
    })

    test('hands errors, pages and conditions to its callers', async () => {
      const emulator = await startTestEmulator()
      expect(await runClient(emulator, script(directory, 'answers.ts'))).toEqual({
        errors: {
          'pool exists': [409, 'PoolExists', 'The specified pool already exists.'],
          'job exists': [409, 'JobExists', 'The specified job already exists.'],
          'no such pool': [404, 'PoolNotFound', 'The specified pool does not exist.'],
          'no such task': [404, 'TaskNotFound', 'The specified task does not exist.'],
          'bad value': [400, 'InvalidPropertyValue', expect.stringContaining('request body')],
          'bad filter': [400, 'InvalidQueryParameterValue', expect.stringContaining('query parameters')],
          'wrong key': [403, 'AuthenticationFailed', expect.stringContaining('authenticate')],
          'not modified': [304, null, null],
          'stale condition': [412, 'ConditionNotMet', expect.stringContaining('condition')],
        },
        pages: {
          added: ['Success'],
          again: ['ClientError', 'TaskExists'],
          sizes: [40, 40, 15],
          different: 95,
          selected: { id: 'task000', state: 'active' },
        },
        metadata: [{ name: 'owner', value: 'Zoë' }],
        exists: [true, false],
      })
    })
  })
}

function failed(id: string, exitCode: number | null, code: string): object {
  return { ...ENDED, result: 'failure', exitCode, code, root: `workitems/js-job/job-1/${id}` }
}

function script(directory: string, name: string, env: Record<string, string> = {}): ClientProgram {
  const args = [join(import.meta.dirname, 'javascript', name)]
  return { command: process.execPath, args, env: { ...env, BATCH_SDK: join(directory, 'anywhere.js') } }
}
