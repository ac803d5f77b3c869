import { BatchError } from '@malachite/model'
import { expect, test } from 'vitest'
import { parseJob, parseJobDisable, parseJobPatch, parseJobTerminate, parseJobUpdate } from './job.ts'
import { parseDisableScheduling, parseReboot, parseRemoveNodes } from './node.ts'
import { parsePool, parsePoolPatch, parsePoolResize, parsePoolUpdate } from './pool.ts'
import { parseTask, parseTaskCollection } from './task.ts'

const TASK = { id: 't', commandLine: 'true' }
const POOL = {
  id: 'p',
  vmSize: 'standard_a1',
  virtualMachineConfiguration: {
    imageReference: { publisher: 'canonical', offer: 'ubuntu', sku: '22_04' },
    nodeAgentSKUId: 'batch.node.ubuntu 22.04',
  },
}

function errorOf(parse: () => unknown): [string, number, Record<string, string>] {
  try {
    parse()
  } catch (error) {
    if (error instanceof BatchError) return [error.code, error.status, error.details]
    throw error
  }
  throw new Error('The body was accepted.')
}

const vm = POOL.virtualMachineConfiguration
const file = (members: object) => ({ ...TASK, resourceFiles: [members] })

test.each<[unknown, string]>([
  [undefined, 'The body must be an object.'],
  [null, 'The body must be an object.'],
  ['{}', 'The body must be an object.'],
  [[TASK], 'The body must be an object.'],
])('refuses the body %j', (body, reason) => {
  expect(errorOf(() => parseTask(body))).toEqual(['InvalidRequestBody', 400, { Reason: reason }])
})

test('refuses a body that is nested so deeply that it could exhaust the stack', () => {
  const body: unknown = JSON.parse('{"settings":'.repeat(5000) + '1' + '}'.repeat(5000))
  expect(errorOf(() => parseTask(body))[0]).toBe('InvalidRequestBody')
})

test.each<[string, () => unknown, Record<string, string>]>([
  ['id', () => parseTask({ commandLine: 'x' }), { PropertyName: 'id' }],
  ['commandLine', () => parseTask({ id: 'x' }), { PropertyName: 'commandLine' }],
  ['a null', () => parseTask({ id: 'x', commandLine: null }), { PropertyName: 'commandLine' }],
  ['poolInfo', () => parseJob({ id: 'j' }), { PropertyName: 'poolInfo' }],
  [
    'poolId',
    () => parseJob({ id: 'j', poolInfo: {} }),
    { PropertyName: 'poolId', Reason: 'poolInfo.poolId is required.' },
  ],
  ['poolInfo of PUT', () => parseJobUpdate({ priority: 1 }), { PropertyName: 'poolInfo' }],
  ['disableTasks', () => parseJobDisable({}), { PropertyName: 'disableTasks' }],
  ['vmSize', () => parsePool({ id: 'p' }), { PropertyName: 'vmSize' }],
  [
    'virtualMachineConfiguration',
    () => parsePool({ id: 'p', vmSize: 'x' }),
    { PropertyName: 'virtualMachineConfiguration' },
  ],
  [
    'sku',
    () =>
      parsePool({
        ...POOL,
        virtualMachineConfiguration: { ...vm, imageReference: { publisher: 'a', offer: 'b' } },
      }),
    { PropertyName: 'sku', Reason: 'virtualMachineConfiguration.imageReference.sku is required.' },
  ],
  ['lists of a replacement', () => parsePoolUpdate({}), { PropertyName: 'certificateReferences' }],
  ['both targets', () => parsePoolResize({}), { PropertyName: 'targetDedicatedNodes' }],
  ['nodeList', () => parseRemoveNodes({}), { PropertyName: 'nodeList' }],
  ['value', () => parseTaskCollection({}), { PropertyName: 'value' }],
  [
    'source',
    () => parseTask(file({ filePath: 'x' })),
    { PropertyName: 'httpUrl', Reason: 'resourceFiles[0].httpUrl is required.' },
  ],
  [
    'filePath',
    () => parseTask(file({ httpUrl: 'http://h/x' })),
    { PropertyName: 'filePath', Reason: 'resourceFiles[0].filePath is required.' },
  ],
  [
    'name',
    () => parseTask({ ...TASK, environmentSettings: [{ name: 'A' }, { value: 'x' }] }),
    { PropertyName: 'name', Reason: 'environmentSettings[1].name is required.' },
  ],
])('names a missing required member: %s', (_, parse, details) => {
  expect(errorOf(parse)).toEqual(['MissingRequiredProperty', 400, details])
})

test.each<[() => unknown, Record<string, string>]>([
  [() => parseTask({ ...TASK, comandLine: 'x' }), { PropertyName: 'comandLine' }],
  [() => parseTask({ ...TASK, constructor: 1 }), { PropertyName: 'constructor' }],
  [() => parseTask(JSON.parse('{"id":"t","commandLine":"x","__proto__":{}}')), { PropertyName: '__proto__' }],
  [() => parseJobPatch({ id: 'j' }), { PropertyName: 'id' }],
  [() => parsePoolPatch({ resizeTimeout: 'PT5M' }), { PropertyName: 'resizeTimeout' }],
  [() => parseReboot({ option: 'x' }), { PropertyName: 'option' }],
  [
    () => parseTask({ ...TASK, constraints: { retries: 1 } }),
    { PropertyName: 'retries', Reason: 'constraints.retries is not a member of this resource.' },
  ],
])('names an unknown member: %s', (parse, details) => {
  expect(errorOf(parse)).toEqual(['UnsupportedProperty', 400, details])
})

test('takes bodies that may be absent', () => {
  expect(parseReboot()).toBe('requeue')
  expect(parseDisableScheduling()).toEqual({ nodeDisableSchedulingOption: 'requeue' })
  expect(parseJobTerminate()).toEqual({})
})
