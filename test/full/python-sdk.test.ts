// The unmodified Python SDK: 13 and 14 with the `BatchServiceClient` of the tutorials, 15 with its successor.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ClientProgram, runClient, startTestEmulator } from './client.ts'
import { describeWith, findDebianSdk, type Found, installFromPyPi, type PythonPackage } from './install.ts'
import { provenBy } from '../clients/proofs.ts'
import { prepareStorage } from './storage.ts'
import { createWitness } from './witness.ts'

const RELEASES: [name: string, found: Found<PythonPackage>][] = [
  ['13.0.1 of Debian', await findDebianSdk()],
  ['13.0.0', await installFromPyPi('azure-batch==13.0.0')],
  ['14.2.0', await installFromPyPi('azure-batch==14.2.0')],
]

for (const [version, found] of RELEASES) {
  describeWith(`azure-batch ${version} for Python`, found, (python) => {
    const witness = createWitness()

    test('runs a whole workload, from a pool with a start task to the deletion of everything', async () => {
      const emulator = await startTestEmulator({ blobs: true, witness })
      const { inputUrl, outputUrl, readOutputs } = await prepareStorage(emulator)
      const env = { INPUT_URL: inputUrl, OUTPUT_URL: outputUrl }
      expect(await runClient(emulator, script(python, 'tutorial.py', env))).toEqual({
        agent: 'batch.node.ubuntu 22.04',
        statuses: ['success', 'success', 'success', 'success'],
        tasks: {
          copy0: { ...ENDED, root: 'workitems/python-job/job-1/copy0' },
          copy1: { ...ENDED, root: 'workitems/python-job/job-1/copy1' },
          exit3: failed('exit3', 3, 'FailureExitCode'),
          missing: failed('missing', null, 'CommandProgramNotFound'),
        },
        counts: [0, 0, 2, 2],
        files: {
          names: ['fileuploaderr.txt', 'fileuploadout.txt', 'stderr.txt', 'stdout.txt', 'wd/input.txt'],
          length: 'prepared\nfrom storage\n'.length,
          isDirectory: false,
          stdout: 'prepared\nfrom storage\n',
          stderr: 'copy0\n',
          nested: 'from storage\n',
          part: 'prepared',
        },
        node: { state: 'idle', startTask: 0, succeeded: 2, stdout: 'starting\n' },
        end: { reason: 'all read', existed: true, exists: false },
      })
      expect(await readOutputs()).toEqual({
        'copy0/stdout.txt': 'prepared\nfrom storage\n',
        'copy0/stderr.txt': 'copy0\n',
        'copy1/stdout.txt': 'prepared\nfrom storage\n',
        'copy1/stderr.txt': 'copy1\n',
      })
    })

    test('hands errors, pages and conditions to its callers', async () => {
      const emulator = await startTestEmulator({ witness })
      expect(await runClient(emulator, script(python, 'answers.py'))).toEqual({
        errors: {
          'pool exists': [409, 'PoolExists', 'The specified pool already exists.', {}],
          'job exists': [409, 'JobExists', 'The specified job already exists.', {}],
          'no such pool': [404, 'PoolNotFound', 'The specified pool does not exist.', {}],
          'no such task': [404, 'TaskNotFound', 'The specified task does not exist.', {}],
          'bad value': [
            400,
            'InvalidPropertyValue',
            expect.stringContaining('properties in the request body'),
            expect.objectContaining({ PropertyName: 'targetDedicatedNodes', PropertyValue: '-1' }),
          ],
          'bad filter': [
            400,
            'InvalidQueryParameterValue',
            expect.stringContaining('query parameters'),
            expect.objectContaining({ QueryParameterName: '$filter', QueryParameterValue: 'state eq' }),
          ],
          'wrong key': [
            403,
            'AuthenticationFailed',
            expect.stringContaining('authenticate'),
            expect.anything(),
          ],
          'not modified': 304,
          'stale condition': [412, 'ConditionNotMet', expect.stringContaining('condition'), {}],
        },
        pages: {
          added: ['success'],
          results: 205,
          first: 50,
          selected: ['active', null],
          listed: 205,
          different: 205,
          again: ['clienterror', 'TaskExists'],
        },
        metadata: [['owner', 'Zoë']],
        exists: [true, false],
      })
    })

    test('manages schedules, prepared jobs, autoscaling pools and nodes', async () => {
      const emulator = await startTestEmulator({ witness })
      expect(await runClient(emulator, script(python, 'management.py'))).toEqual({
        schedule: {
          interval: '1 day, 0:00:00',
          recent: 'nightly:job-1',
          reason: 'JMComplete',
          state: 'active',
          next: true,
          again: [409, 'JobScheduleExists'],
          existed: true,
        },
        job: { prepared: 'success', released: 'success', results: ['success', 'success'], ordered: true },
        scale: ['AutoScalingFormulaEvaluationError', false],
        node: { port: true, scheduling: 'disabled', unknown: [404, 'NodeNotFound'] },
        counts: [2],
      })
    })

    test('calls the operations that the documentation says', () => {
      expect(witness.operations()).toEqual(provenBy('python'))
    })
  })
}

const successor = await installFromPyPi('azure-batch==15.1.0')
describeWith('azure-batch 15.1.0 for Python', successor, (python) => {
  const witness = createWitness()

  test('runs tasks, reads pages and files, and deletes everything', async () => {
    const emulator = await startTestEmulator({ witness })
    expect(await runClient(emulator, script(python, 'batch_client.py'))).toEqual({
      exitCodes: { hello: 0, exit3: 3 },
      counts: [1, 1],
      pages: [1, 1],
      stdout: 'hello\n',
      exists: true,
      missing: [404, 'JobNotFound'],
      left: [],
    })
  })

  test('its pollers see the end of what they follow', async () => {
    const emulator = await startTestEmulator({ witness })
    expect(await runClient(emulator, script(python, 'pollers.py'))).toEqual({
      pool: [2, 1, 'steady'],
      node: [true, 'deallocated', 'idle'],
      job: ['disabled', 'active', 'completed'],
      schedule: [['hourly:job-1'], 'completed', []],
    })
  })

  test('calls the operations that the documentation says', () => {
    expect(witness.operations()).toEqual(provenBy('pythonNext'))
  })
})

const ENDED = { state: 'completed', result: 'success', exitCode: 0, failure: null, retries: 0, ran: true }

function failed(id: string, exitCode: number | null, code: string): object {
  const failure = ['usererror', code]
  return { ...ENDED, result: 'failure', exitCode, failure, root: `workitems/python-job/job-1/${id}` }
}

function script(python: PythonPackage, name: string, env: Record<string, string> = {}): ClientProgram {
  // Its warnings are about Python's own libraries; nothing is written beside the sources.
  const args = ['-B', '-W', 'ignore', join(import.meta.dirname, 'python', name)]
  return { command: python.interpreter, args, env: { ...env, PYTHONPATH: python.directory } }
}
