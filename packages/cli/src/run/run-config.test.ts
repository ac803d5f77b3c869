import { expect, test } from 'vitest'
import { resolveRunConfig, typedSettings } from './run-config.ts'
import { resolveEmulatorConfig } from '../service/emulator-config.ts'
import { canRedraw, isDebugging } from '../settings/surroundings.ts'
import { withClientDefaults } from '../settings/environment.ts'
import type { EmulatorFlags } from '../program/program-emulator.ts'
import type { RunFlags } from '../program/program-run.ts'

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

test('a job log is begun anew, or added to with a plus, as GNU parallel does it', () => {
  const joblogOf = (joblog: string) => resolveRunConfig([], { ...runFlags, joblog }, surroundings).joblog
  expect(joblogOf('log')).toEqual({ path: '/home/user/log', append: false })
  expect(joblogOf('+/tmp/log')).toEqual({ path: '/tmp/log', append: true })
  expect(resolveRunConfig([], runFlags, surroundings)).not.toHaveProperty('joblog')
})

test('flags that were not given are no settings, and no halt is none', () => {
  expect(typedSettings({}, '/home')).toEqual({})
  expect(typedSettings({ halt: 'never', outputDir: 'out' }, '/home')).toEqual({
    outputDirectory: '/home/out',
  })
})

test('the configuration cannot be changed', () => {
  expect(Object.isFrozen(resolveRunConfig([], runFlags, surroundings))).toBe(true)
  expect(Object.isFrozen(resolveEmulatorConfig(emulatorFlags, surroundings))).toBe(true)
})

const resolveWith = (flags: Partial<EmulatorFlags>, environment = {}) =>
  resolveEmulatorConfig({ ...emulatorFlags, ...flags }, { ...surroundings, environment })

test('the accounts are in the environment, or in the file that it or a flag names', () => {
  expect(resolveWith({}, { MALACHITE_ACCOUNTS: ' mine:a2V5 ' })).toMatchObject({ accounts: 'mine:a2V5' })
  const inFile = resolveWith({}, { MALACHITE_ACCOUNTS: '@keys' })
  expect(inFile).toMatchObject({ accountsFile: '/home/user/keys' })
  expect(inFile).not.toHaveProperty('accounts')
  const byFlag = resolveWith({ accountsFile: '/run/keys' }, { MALACHITE_ACCOUNTS: 'mine:a2V5' })
  expect(byFlag).toMatchObject({ accountsFile: '/run/keys' })
  expect(byFlag).not.toHaveProperty('accounts')
  expect(resolveWith({}, { MALACHITE_ACCOUNTS: '' })).not.toHaveProperty('accounts')
})

test('the dashboard is 1000 ports above the service, where it was asked for, or nowhere', () => {
  expect(resolveWith({}).ui).toEqual({ port: 11_003, isAsked: false })
  expect(resolveWith({ batchPort: 0 }).ui).toEqual({ port: 0, isAsked: false })
  expect(resolveWith({ batchPort: 65_000 }).ui).toEqual({ port: 0, isAsked: false })
  expect(resolveWith({ uiPort: 8080 }).ui).toEqual({ port: 8080, isAsked: true })
  expect(resolveWith({ headless: true })).not.toHaveProperty('ui')
  expect(resolveWith({}, { MALACHITE_HEADLESS: '1' })).not.toHaveProperty('ui')
  expect(resolveWith({ uiPort: 8080 }, { MALACHITE_HEADLESS: '1' }).ui).toEqual({ port: 8080, isAsked: true })
})

test('what is unsafe is allowed by a flag or by the environment', () => {
  expect(resolveWith({}).unsafe).toBe(false)
  expect(resolveWith({ unsafe: true }).unsafe).toBe(true)
  expect(resolveWith({}, { MALACHITE_UNSAFE: '1' }).unsafe).toBe(true)
  expect(resolveWith({}, { MALACHITE_UNSAFE: '0' }).unsafe).toBe(false)
})

test('api-versions that are not known are refused by a flag or by the environment', () => {
  expect(resolveWith({}).strictApiVersion).toBe(false)
  expect(resolveWith({ strictApiVersion: true }).strictApiVersion).toBe(true)
  expect(resolveWith({}, { MALACHITE_STRICT_API_VERSION: '1' }).strictApiVersion).toBe(true)
})

test('a location waits for the disk by a flag or by the environment', () => {
  expect(resolveWith({}).fsync).toBe(false)
  expect(resolveWith({ fsync: true }).fsync).toBe(true)
  expect(resolveWith({}, { MALACHITE_FSYNC: '1' }).fsync).toBe(true)
})

test('https needs a certificate and its key', () => {
  expect(resolveWith({ cert: 'c.pem', key: '/k.pem' }).tlsFiles).toEqual({
    cert: '/home/user/c.pem',
    key: '/k.pem',
  })
  expect(() => resolveWith({ cert: 'c.pem' })).toThrow(/--cert.*--key/)
  expect(() => resolveWith({ key: 'k.pem' })).toThrow(/--cert.*--key/)
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
