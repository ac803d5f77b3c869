import { resolveSettings, topWordsWorkload } from '@malachite/orchestrator'
import { expect, onTestFinished, test, vi } from 'vitest'
import { toFailure } from '../text/failure.ts'
import type { SimulateFlags } from './program-autoscale.ts'
import type { EmulatorFlags, EnvFlags } from './program-emulator.ts'
import { perform, type Commands } from './program.ts'
import type { ResumeFlags, RetryFlags, RunFlags } from './program-run.ts'
import type { UiFlags } from './program-ui.ts'

interface Seen {
  files?: string[]
  run?: RunFlags
  resume?: ResumeFlags
  retry?: RetryFlags
  emulator?: EmulatorFlags
  detach?: EmulatorFlags
  env?: EnvFlags
  resource?: unknown[]
  logs?: unknown[]
  waitJob?: unknown[]
  exec?: unknown[]
  stop?: unknown
  status?: unknown
  doctor?: unknown
  clean?: unknown
  completion?: string
  ui?: UiFlags
  simulate?: SimulateFlags
  why?: unknown[]
  preempt?: unknown[]
  failAllocation?: unknown[]
  failNode?: unknown[]
  add?: unknown[]
  list?: unknown
  remove?: unknown[]
}

async function parse(...argv: string[]): Promise<Seen> {
  const seen: Seen = {}
  const commands: Commands = {
    run: async (files, run) => (Object.assign(seen, { files, run }), 0),
    retry: async (retry) => (Object.assign(seen, { retry }), 0),
    resume: async (resume) => (Object.assign(seen, { resume }), 0),
    emulator: async (emulator) => (Object.assign(seen, { emulator }), 0),
    detach: async (detach) => (Object.assign(seen, { detach }), 0),
    stop: async (stop) => (Object.assign(seen, { stop }), 0),
    status: async (status) => (Object.assign(seen, { status }), 0),
    env: async (env) => (Object.assign(seen, { env }), 0),
    tools: {
      resource: async ({ noun, verb }, names, flags) => (
        Object.assign(seen, { resource: [`${noun} ${verb}`, names, flags] }),
        0
      ),
      logs: async (...logs) => (Object.assign(seen, { logs }), 0),
      waitJob: async (...waitJob) => (Object.assign(seen, { waitJob }), 0),
      exec: async (...exec) => (Object.assign(seen, { exec }), 0),
      doctor: async (doctor) => (Object.assign(seen, { doctor }), 0),
      clean: async (clean) => (Object.assign(seen, { clean }), 0),
      completion: async (shell) => (Object.assign(seen, { completion: shell }), 0),
    },
    ui: async (ui) => (Object.assign(seen, { ui }), 0),
    simulate: async (simulate) => (Object.assign(seen, { simulate }), 0),
    why: async (...why) => (Object.assign(seen, { why }), 0),
    preempt: async (...preempt) => (Object.assign(seen, { preempt }), 0),
    fail: {
      allocation: async (...failAllocation) => (Object.assign(seen, { failAllocation }), 0),
      node: async (...failNode) => (Object.assign(seen, { failNode }), 0),
    },
    application: {
      add: async (...add) => (Object.assign(seen, { add }), 0),
      list: async (list) => (Object.assign(seen, { list }), 0),
      remove: async (...remove) => (Object.assign(seen, { remove }), 0),
    },
  }
  await perform(argv, '1.2.3', commands)
  return seen
}

async function help(...argv: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
  onTestFinished(() => write.mockRestore())
  const error = await parse(...argv).catch((error: unknown) => error)
  expect(toFailure(error)).toBeUndefined()
  return write.mock.calls.map(([text]) => String(text)).join('')
}

async function mistake(...argv: string[]): Promise<string> {
  const failure = toFailure(await parse(...argv).catch((error: unknown) => error))
  expect(failure).toMatchObject({ exitCode: 2, code: 'UsageError' })
  return `${failure?.message}\n${failure?.hint}`
}

test('a window looks at an emulator, and at Azure when it is told to', async () => {
  expect(await parse('ui')).toEqual({ ui: { backend: 'emulator' } })
  const flags = { backend: 'azure', uiPort: 8080, write: true }
  expect(await parse('ui', '--backend', 'azure', '--uiPort', '8080', '--write')).toEqual({ ui: flags })
  expect(await mistake('ui', '--write', '--readOnly')).toContain('cannot be used with')
})

test('an emulator has a dashboard on the port that is asked for, or none', async () => {
  expect((await parse('emulator', '--uiPort', '0')).emulator).toMatchObject({ uiPort: 0 })
  expect((await parse('emulator', '--headless')).emulator).toMatchObject({ headless: true })
  expect(await mistake('emulator', '--headless', '--uiPort', '1')).toContain('cannot be used with')
  expect(await mistake('emulator', '--uiPort', '65536')).toContain('from 0 to 65535')
})

test('a run without flags has the documented defaults', async () => {
  expect(await parse('run')).toEqual({
    files: [],
    run: { backend: 'local', numWords: 3, outputDir: './output', deleteJob: 'ask', deletePool: 'ask' },
  })
})

test('a run is resumed with what was typed, and no more', async () => {
  expect(await parse('run', '--resume')).toEqual({ resume: { resume: true } })
  const line = 'run --resume 1-2 --backend emulator --timeout 1h --delete-job yes --delete-pool no --json -v'
  expect(await parse(...line.split(' '))).toEqual({
    resume: {
      resume: '1-2',
      backend: 'emulator',
      timeout: 3_600_000,
      deleteJob: 'yes',
      deletePool: 'no',
      json: true,
      verbose: true,
    },
  })
})

test('an endpoints file is for a run on an emulator; one of the environment may be for other commands', async () => {
  vi.stubEnv('MALACHITE_ENDPOINTS_FILE', 'theirs.json')
  expect(await parse('run', '--backend', 'emulator')).toMatchObject({ run: { endpointsFile: 'theirs.json' } })
  expect(await parse('run')).toMatchObject({ run: { backend: 'local' } })
  const resumed = await parse('run', '--resume', '--endpointsFile', 'mine.json')
  expect(resumed).toEqual({ resume: { resume: true, endpointsFile: 'mine.json' } })
  expect(await parse('run', '--retry-failed')).toMatchObject({ retry: { endpointsFile: 'theirs.json' } })
  vi.unstubAllEnvs()
  expect(await mistake('run', '--endpointsFile', 'mine.json')).toContain('is for --backend emulator')
})

test('a run that is resumed goes on as it was begun', async () => {
  expect(await mistake('run', 'a.txt', '--resume')).toContain('with --resume no files can be given')
  expect(await mistake('run', '--resume', '--num-words', '4')).toContain('--num-words cannot be given')
})

test('a run of what failed takes what was typed, and no files', async () => {
  expect(await parse('run', '--retry-failed')).toEqual({ retry: { retryFailed: true } })
  expect(await parse('run', '--retry-failed', '1-2', '--nodes', '4', '--halt', 'never', '--dry-run')).toEqual(
    {
      retry: { retryFailed: '1-2', nodes: 4, halt: 'never', dryRun: true },
    },
  )
  expect(await mistake('run', 'a.txt', '--retry-failed')).toContain('no files can be given')
  expect(await mistake('run', '--resume', '--retry-failed', '1')).toContain('--retry-failed cannot be given')
})

test('a run is halted, logged, or only looked at', async () => {
  const { run } = await parse('run', '--halt', 'soon,fail=30%', '--joblog', '+log', '--dry-run')
  expect(run).toMatchObject({
    halt: { when: 'soon', why: 'fail', amount: 30, unit: 'percent' },
    joblog: '+log',
    dryRun: true,
  })
})

test('a run takes files and flags', async () => {
  const line =
    'run a b --backend azure --num-words 5 --nodes 2 --slots 4 --timeout 1.5h --delete-pool no --json -v'
  expect(await parse(...line.split(' '))).toMatchObject({
    files: ['a', 'b'],
    run: {
      backend: 'azure',
      numWords: 5,
      nodes: 2,
      slots: 4,
      timeout: 5_400_000,
      deletePool: 'no',
      json: true,
    },
  })
})

test('the emulator has the documented defaults', async () => {
  const { emulator } = await parse('emulator')
  expect(emulator).toEqual({ batchHost: '127.0.0.1', batchPort: 10_003, blobPort: 10_000 })
})

test('the emulator takes a profile, a seed and a time scale', async () => {
  const { emulator } = await parse('emulator', '--profile', 'azure', '--seed', '7', '--timeScale', '1.5')
  expect(emulator).toMatchObject({ profile: 'azure', seed: 7, timeScale: 1.5 })
})

test.each(['0', '0.5', '-2', 'NaN', '1e3', '10001', 'fast', ''])(
  'a time scale of %j is refused',
  async (scale) => {
    expect(await mistake('emulator', `--timeScale=${scale}`)).toContain(
      'It must be a number from 1 to 10000.',
    )
  },
)

test('the emulator takes the engine that runs containers, and no other name', async () => {
  const { emulator } = await parse('emulator', '--containerEngine', 'podman')
  expect(emulator).toMatchObject({ containerEngine: 'podman' })
  expect(await mistake('emulator', '--containerEngine=rkt')).toContain('auto, docker, podman, none')
})

test('the emulator can do without Azurite', async () => {
  expect((await parse('emulator', '--blobPort', 'none')).emulator?.blobPort).toBe('none')
})

test('a flag of the emulator can be given by the environment, and the command line wins', async () => {
  vi.stubEnv('MALACHITE_BATCH_PORT', '7')
  vi.stubEnv('MALACHITE_LOCATION', '/state')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect((await parse('emulator')).emulator).toMatchObject({ batchPort: 7, location: '/state' })
  expect((await parse('emulator', '--batchPort', '8')).emulator?.batchPort).toBe(8)
})

test('the emulator waits for the disk when it is told so', async () => {
  expect((await parse('emulator', '--location', '/state', '--fsync')).emulator).toMatchObject({ fsync: true })
  expect((await parse('emulator', '--location', '/state')).emulator?.fsync).toBeUndefined()
})

test('the emulator is strict about api-versions when it is told so', async () => {
  expect((await parse('emulator', '--strictApiVersion')).emulator).toMatchObject({ strictApiVersion: true })
  expect((await parse('emulator')).emulator).not.toHaveProperty('strictApiVersion')
})

test('the emulator takes what it needs for keys, tokens and https', async () => {
  const line = 'emulator --accountsFile keys --oauth none --cert cert.pem --key key.pem --unsafe'
  expect((await parse(...line.split(' '))).emulator).toMatchObject({
    accountsFile: 'keys',
    oauth: 'none',
    cert: 'cert.pem',
    key: 'key.pem',
    unsafe: true,
  })
  vi.stubEnv('MALACHITE_OAUTH', 'none')
  vi.stubEnv('MALACHITE_CERT', '/cert.pem')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect((await parse('emulator')).emulator).toMatchObject({ oauth: 'none', cert: '/cert.pem' })
})

test('a bad value in the environment is told with the name of its variable', async () => {
  vi.stubEnv('MALACHITE_BATCH_PORT', 'x')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(await mistake('emulator')).toMatch(/MALACHITE_BATCH_PORT.*whole number from 0 to 65535/)
})

test.each([
  [['run', '--num-words', '0'], /'--num-words <n>' argument '0' is invalid.*at least 1/],
  [['run', '--num-words', '1e3'], /whole number/],
  [['run', '--slots', '257'], /from 1 to 256/],
  [['run', '--timeout', '20'], /unit, such as 90s, 20m or 1.5h/],
  [['run', '--timeout', '0s'], /unit/],
  [['run', '--backend', 'gcp'], /Allowed choices are local, emulator, azure/],
  [['run', '--delete-job', 'maybe'], /Allowed choices are yes, no, ask/],
  [['run', '--output-dir', ''], /must not be empty/],
  [['run', '--halt', 'soon,fail'], /such as now,fail=1 or soon,fail=30%/],
  [['run', '--halt', 'now,fail=0'], /of at least 1/],
  [['run', '--joblog', ''], /must not be empty/],
  [['run', '--colour'], /unknown option '--colour'/],
  [['run', '--num-word', '3'], /Did you mean --num-words/],
  [['emulate'], /unknown command 'emulate'[^]*Did you mean emulator/],
  [['emulator', 'x'], /too many arguments/],
  [['emulator', '--batchPort', '65536'], /from 0 to 65535/],
  [['emulator', '--blobPort', 'no'], /or none/],
  [['emulator', '--oauth', 'strict'], /Allowed choices are basic, none/],
  [['emulator', '--cert', ''], /must not be empty/],
  [
    ['emulator', '--location', 'x', '--inMemoryPersistence'],
    /cannot be used with option '--inMemoryPersistence'/,
  ],
  [['env', '--shell', 'zsh'], /Allowed choices are bash, fish, powershell, json/],
])('%s is refused with a reason and a hint', async (argv, message) => {
  const told = await mistake(...argv)
  expect(told).toMatch(message)
  expect(told).toContain('--help')
})

test('the help of a run states the defaults of the orchestrator', async () => {
  const workload = topWordsWorkload({ scriptPath: '/x.mjs' })
  const { jobId, poolId, vmSize, taskSlotsPerNode } = resolveSettings({
    workload,
    inputFiles: ['/a'],
    outputDirectory: '/o',
  })
  const text = (await help('run', '--help')).replace(/\s+/g, ' ')
  for (const value of [jobId, poolId, vmSize, taskSlotsPerNode, '20m']) {
    expect(text).toContain(`(default: ${value})`)
  }
})

test('the help names the commands, and each of them its flags, examples and exit codes', async () => {
  expect(await help('--help')).toMatch(/run \[options\][^]*emulator \[options\][^]*env \[options\]/)
  for (const command of ['run', 'emulator', 'env', 'why', 'preempt', 'fail']) {
    expect(await help(command, '--help')).toMatch(/Options:[^]*Examples:[^]*Exit codes:/)
  }
})

test('an application has a name, a version and a file, and an emulator has a folder', async () => {
  expect(await parse('application', 'add', 'tool', '--version', '1.0', 'tool.zip')).toEqual({
    add: ['tool', 'tool.zip', { version: '1.0' }],
  })
  const folder = ['--applications', './packages']
  expect(await parse('application', 'list', ...folder)).toEqual({ list: { applications: './packages' } })
  expect(await parse('application', 'remove', 'tool', '--version', '1', '--endpointsFile', 'e.json')).toEqual(
    { remove: ['tool', { version: '1', endpointsFile: 'e.json' }] },
  )
  expect(await mistake('application', 'add', 'tool', 'tool.zip')).toMatch(/--version/)
  expect(await mistake('application', 'add', 'tool', '--version', '1')).toMatch(/missing required argument/)
  const text = await help('application', '--help')
  expect(text).toMatch(
    /add \[options\][^]*list \[options\][^]*remove \[options\][^]*Examples:[^]*Exit codes:/,
  )
})

test('what is to fail is a pool’s allocation or a node', async () => {
  const allocation = ['p', '--code', 'X', '--nodes', '0', '--times', '2']
  expect((await parse('fail', 'allocation', ...allocation)).failAllocation?.slice(0, 2)).toEqual([
    'p',
    { code: 'X', nodes: 0, times: 2 },
  ])
  const node = ['p', 'n', '--lost', '--recovery', '30s']
  expect((await parse('fail', 'node', ...node)).failNode?.slice(0, 3)).toEqual([
    'p',
    'n',
    { lost: true, recovery: 30_000 },
  ])
  expect(await mistake('fail', 'node', 'p', 'n', '--lost', '--code', 'X')).toMatch(/cannot be used with/)
  expect(await mistake('fail', 'node', 'p')).toMatch(/missing required argument 'node'/)
})

test('quotas are pairs of names and numbers, together or one by one', async () => {
  const quota = async (...argv: string[]) => (await parse('emulator', ...argv)).emulator?.quota
  expect(await quota()).toBeUndefined()
  expect(await quota('--quota', 'pools=2, dedicatedCores=8', '--quota', 'pools=3')).toEqual({
    pools: 3,
    dedicatedCores: 8,
  })
  for (const wrong of ['cores=1', 'pools', 'pools=-1', 'pools=many', 'toString=1'])
    expect(await mistake('emulator', '--quota', wrong)).toMatch(/such as pools=2.*lowPriorityCores/)
})

test('the version is printed', async () => {
  expect(await help('--version')).toBe('1.2.3\n')
})

test('a simulation takes files and times', async () => {
  const files = ['--formula', 'f', '--load', 'l']
  const [minute, hour] = [60_000, 3_600_000]
  const usual = {
    formula: 'f',
    load: 'l',
    for: 8 * hour,
    interval: 15 * minute,
    boot: 2 * minute,
    step: 5 * minute,
    slots: 1,
  }
  expect(await parse('autoscale', 'simulate', ...files)).toEqual({ simulate: usual })
  expect(
    await parse('autoscale', 'simulate', ...files, '--for', '2h', '--start', '2026-01-09', '--json'),
  ).toEqual({
    simulate: { ...usual, for: 2 * hour, start: new Date('2026-01-09'), json: true },
  })
  expect(await mistake('autoscale', 'simulate', ...files, '--start', 'noon')).toContain('It must be a time')
  expect(await mistake('autoscale', 'simulate', '--formula', 'f')).toContain('--load')
})

test('why takes what each kind of thing is named by', async () => {
  const asked = async (line: string) => (await parse('why', ...line.split(' '))).why
  expect(await asked('task j t --json')).toEqual([['jobs', 'j', 'tasks', 't'], { json: true }])
  expect(await asked('job j')).toEqual([['jobs', 'j'], {}])
  expect(await asked('pool p')).toEqual([['pools', 'p'], {}])
  expect(await asked('node p n')).toEqual([['pools', 'p', 'nodes', 'n'], {}])
  expect(await asked('schedule s --endpointsFile f')).toEqual([['jobschedules', 's'], { endpointsFile: 'f' }])
  expect(await mistake('why', 'task', 'j')).toContain("missing required argument 'task'")
})

test('a preemption names a pool, and a node or a number of nodes', async () => {
  const asked = async (line: string) => (await parse('preempt', ...line.split(' '))).preempt?.slice(0, 3)
  expect(await asked('p')).toEqual(['p', undefined, {}])
  expect(await asked('p n --absence 5m')).toEqual(['p', 'n', { absence: 300_000 }])
  expect(await asked('p --count 3 --json')).toEqual(['p', undefined, { count: 3, json: true }])
  expect(await mistake('preempt', 'p', '--count', '0')).toContain('whole number from 1')
})

const CONNECTION = { backend: 'emulator' }

test('what a command of a resource is about is named in order, or as az names it', async () => {
  const asked = async (line: string) => (await parse(...line.split(' '))).resource
  expect(await asked('task show j t')).toEqual([
    'task show',
    { job: 'j', task: 't' },
    { ...CONNECTION, output: 'json' },
  ])
  const named = ['task show', { job: 'j', task: 't' }, expect.anything()]
  expect(await asked('task show --job-id j --task-id t')).toEqual(named)
  expect(await asked('task show --job-id j t')).toEqual(named)
  expect((await asked('node file show p n wd/a'))?.[1]).toEqual({ pool: 'p', node: 'n', file: 'wd/a' })
  expect(await mistake('task', 'show', 'j')).toContain("missing required argument 'task'")
  expect(await mistake('job', 'show', 'j', 'k')).toContain('too many arguments')
  expect(await mistake('job', 'show', '--job-id', 'j', 'k')).toContain('too many arguments: k')
})

test('a list takes a number, a filter and a selection', async () => {
  const flags = ['--top', '20', '--filter', "state eq 'active'", '--select', 'id, state', '-o', 'tsv']
  expect((await parse('job', 'list', ...flags)).resource).toEqual([
    'job list',
    {},
    { ...CONNECTION, top: 20, filter: "state eq 'active'", select: ['id', 'state'], output: 'tsv' },
  ])
  expect(await mistake('job', 'list', '--top', '0')).toContain('at least 1')
  expect(await mistake('job', 'list', '-o', 'yaml')).toContain('json, table, tsv')
  expect(await mistake('pool', 'list', '--select', ',')).toContain('at least one')
  expect(await mistake('file', 'list', 'j', 't', '--select', 'name')).toContain("unknown option '--select'")
})

test('a command to run comes after two dashes, with flags of its own', async () => {
  const { exec } = await parse('exec', '--blobPort', 'none', '--', 'npm', 'test', '--profile', 'x')
  expect(exec).toEqual([['npm', 'test', '--profile', 'x'], { blobPort: 'none' }])
  expect((await parse('exec', 'npm', '--version')).exec).toEqual([['npm', '--version'], { blobPort: 0 }])
  expect(await mistake('exec')).toContain("missing required argument 'command'")
})

test('logs, wait, clean and doctor take their flags', async () => {
  expect((await parse('logs', 'j', 't', '-f', '--stderr')).logs?.slice(0, 3)).toEqual([
    'j',
    't',
    { ...CONNECTION, follow: true, stderr: true },
  ])
  expect(await mistake('logs', 'j', 't', '--stderr', '--file', 'a')).toContain('cannot be used with')
  expect((await parse('wait', 'job', 'j', '--timeout', '90s')).waitJob?.slice(0, 2)).toEqual([
    'j',
    { ...CONNECTION, timeout: 90_000 },
  ])
  expect((await parse('clean', '--older-than', '2h', '-y')).clean).toEqual({
    ...CONNECTION,
    olderThan: 7_200_000,
    yes: true,
  })
  expect((await parse('doctor', '--backend', 'azure', '-o', 'json')).doctor).toEqual({
    backend: 'azure',
    output: 'json',
  })
})

test('an emulator is served in the background, found and ended', async () => {
  expect((await parse('emulator', '--detach', '--batchPort', '0')).detach).toMatchObject({ batchPort: 0 })
  expect((await parse('emulator', 'stop')).stop).toEqual({})
  expect((await parse('emulator', 'status', '--endpointsFile', 'e')).status).toEqual({ endpointsFile: 'e' })
})
