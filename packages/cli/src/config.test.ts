import { expect, test } from 'vitest'
import {
  canRedraw,
  isDebugging,
  resolveEmulatorConfig,
  resolveRunConfig,
  withClientDefaults,
} from './config.ts'
import type { EmulatorFlags, RunFlags } from './program.ts'

const runFlags: RunFlags = {
  backend: 'local',
  numWords: 3,
  outputDir: './output',
  deleteJob: 'ask',
  deletePool: 'ask',
}
const emulatorFlags: EmulatorFlags = { batchHost: '127.0.0.1', batchPort: 10_003, blobPort: 10_000 }
const surroundings = { environment: {}, directory: '/home/user' }

test('paths are resolved against the directory of the command', () => {
  const { files, settings } = resolveRunConfig(['a.txt', '/b.txt'], runFlags, surroundings)
  expect(files).toEqual(['/home/user/a.txt', '/b.txt'])
  expect(settings).toEqual({ outputDirectory: '/home/user/output', deleteJob: 'ask', deletePool: 'ask' })
})

test('flags become settings under the names of the orchestrator', () => {
  const flags = { ...runFlags, nodes: 2, slots: 4, timeout: 1000, jobId: 'j', poolId: 'p', vmSize: 'v' }
  expect(resolveRunConfig([], flags, surroundings).settings).toMatchObject({
    nodeCount: 2,
    taskSlotsPerNode: 4,
    timeoutMs: 1000,
    jobId: 'j',
    poolId: 'p',
    vmSize: 'v',
  })
})

test('the configuration cannot be changed', () => {
  expect(Object.isFrozen(resolveRunConfig([], runFlags, surroundings))).toBe(true)
  expect(Object.isFrozen(resolveEmulatorConfig(emulatorFlags, surroundings))).toBe(true)
})

test('other machines are let in only with keys of their own, or on demand', () => {
  const open = { ...emulatorFlags, batchHost: '0.0.0.0' }
  const resolve = (flags: EmulatorFlags, environment = {}) =>
    resolveEmulatorConfig(flags, { ...surroundings, environment })
  expect(() => resolve(open)).toThrow('On 0.0.0.0 other machines could run programs here')
  expect(() => resolve(open, { MALACHITE_UNSAFE: '0', MALACHITE_ACCOUNTS: '' })).toThrow('--unsafe')
  expect(resolve({ ...open, unsafe: true }).batchHost).toBe('0.0.0.0')
  expect(resolve(open, { MALACHITE_UNSAFE: '1' }).batchHost).toBe('0.0.0.0')
  expect(resolve(open, { MALACHITE_ACCOUNTS: 'mine:a2V5' }).accounts).toBe('mine:a2V5')
  for (const batchHost of ['localhost', '127.0.0.2', '::1'])
    expect(resolve({ ...open, batchHost }).batchHost).toBe(batchHost)
})

test('a setting of the client counts when one of its names is set', () => {
  const defaults = {
    AZURE_BATCH_ACCOUNT: 'dev',
    AZURE_BATCH_ACCOUNT_NAME: 'dev',
    AZURE_BATCH_ENDPOINT: 'http://dev',
    AZURE_STORAGE_CONNECTION_STRING: 'dev',
  }
  const environment = { AZURE_BATCH_ACCOUNT_NAME: 'mine', AZURE_BATCH_ENDPOINT: ' ', HOME: '/root' }
  expect(withClientDefaults(environment, defaults)).toEqual({
    AZURE_BATCH_ACCOUNT_NAME: 'mine',
    AZURE_BATCH_ENDPOINT: 'http://dev',
    AZURE_STORAGE_CONNECTION_STRING: 'dev',
  })
})

test('a switch in the environment can be off', () => {
  expect(isDebugging({ MALACHITE_DEBUG: '1' })).toBe(true)
  for (const value of ['', '0', 'false', 'No', undefined])
    expect(isDebugging({ MALACHITE_DEBUG: value })).toBe(false)
})

test('a dumb terminal is not redrawn', () => {
  expect(canRedraw({ isTTY: true }, { TERM: 'xterm' })).toBe(true)
  expect(canRedraw({ isTTY: true }, { TERM: 'dumb' })).toBe(false)
  expect(canRedraw({}, { TERM: 'xterm' })).toBe(false)
})
