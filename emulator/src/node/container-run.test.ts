import { expect, test } from 'vitest'
import { engineCommand, type ContainerCommand, type ContainerHost } from './container-run.ts'
import { taskPlace } from './layout.ts'

const NODE = '/nodes/n'
const ROOT = `${NODE}/workitems/j/job-1/t`

function commandOf(
  container: Partial<ContainerCommand['container']> = {},
  more: Partial<ContainerCommand> = {},
  host: Partial<ContainerHost> = {},
) {
  return engineCommand(
    {
      container: { imageName: 'image', isSupported: true, registries: [], ...container },
      words: ['run', 'it now'],
      place: taskPlace(NODE, 'j', 't'),
      taskRoot: ROOT,
      environment: {},
      settings: [],
      isAdmin: false,
      ...more,
    },
    {
      engine: { program: 'docker', isRootless: false },
      user: { uid: 1000, gid: 100 },
      labels: { 'malachite.run': '7' },
      idFile: '/tmp/id',
      ...host,
    },
  )
}

/** The values of an option, in their order. */
function valuesOf(option: string, { argv }: { argv: string[] }): string[] {
  return argv.flatMap((word, index) => (word === option ? [argv[index + 1] ?? ''] : []))
}

test('the whole command', () => {
  const words = [
    'docker --log-level error run --rm --pull never --cidfile /tmp/id --label malachite.run=7',
    '--network host --security-opt label=disable --user 1000:100',
    `--mount type=bind,source=${NODE},target=${NODE} --workdir ${ROOT}/wd --env HOME=${ROOT}/wd image`,
  ]
  expect(commandOf().argv).toEqual([...words.join(' ').split(' '), 'run', 'it now'])
})

test('without words the image says what runs', () => {
  expect(commandOf({}, { words: [] }).argv.at(-1)).toBe('image')
})

test.each([
  ['the user of the emulator', false, false, '1000:100'],
  ['root, for who asked for elevation', false, true, '0:0'],
  ['root, who is the user of the emulator where the engine has no privileges', true, false, '0:0'],
])('it runs as %s', (_, isRootless, isAdmin, user) => {
  const command = commandOf({}, { isAdmin }, { engine: { program: 'docker', isRootless } })
  expect(valuesOf('--user', command)).toEqual([user])
  // Root has a home in every image.
  expect(valuesOf('--env', command)).toEqual(user === '0:0' ? [] : [`HOME=${ROOT}/wd`])
})

test('where users have no numbers the image says who runs it', () => {
  expect(commandOf({}, {}, { user: undefined }).argv).not.toContain('--user')
})

test('values of variables are not on the command line, but in the environment of the client', () => {
  const environment = { AZ_BATCH_TASK_ID: 't', KEY: 'a secret\nof two lines' }
  const { argv, env } = commandOf({}, { environment })
  expect(valuesOf('--env', { argv })).toEqual([`HOME=${ROOT}/wd`, 'AZ_BATCH_TASK_ID', 'KEY'])
  expect(env).toEqual(environment)
})

test("the image's PATH, LANG and HOME stay unless the user sets them", () => {
  const environment = { PATH: '/mine', LANG: 'C', HOME: '/wd' }
  const ofImage = commandOf({}, { environment, isAdmin: true })
  expect(valuesOf('--env', ofImage)).toEqual([])
  const settings = Object.keys(environment).map((name) => ({ name }))
  const set = commandOf({}, { environment, settings })
  expect(valuesOf('--env', set)).toEqual(['PATH=/mine', 'LANG', 'HOME=/wd'])
  expect(set.env).toEqual({ LANG: 'C' })
})

test.each(['LD_PRELOAD', 'DOCKER_HOST', 'CONTAINER_HOST', 'https_proxy', 'XDG_RUNTIME_DIR', 'A*', 'A-B'])(
  'the variable %s cannot change the client',
  (name) => {
    const command = commandOf({}, { environment: { [name]: 'x' }, settings: [{ name }] })
    expect(command.env).toEqual({})
    expect(valuesOf('--env', command)).toContain(`${name}=x`)
  },
)

test('further options come last, just before the image', () => {
  const { argv } = commandOf({ runOptions: `--workdir /app --env 'A=b c'` })
  expect(argv.slice(-7)).toEqual(['--workdir', '/app', '--env', 'A=b c', 'image', 'run', 'it now'])
})

test.each(['--network bridge', '--network=none', '--net none'])(
  'the network of %s is the only one',
  (runOptions) => {
    expect(commandOf({ runOptions }).argv.join(' ')).not.toContain('host')
  },
)

test.each(['-d', '-itd', '--detach', '--detach=true', `--env 'open`])('%s is refused', (runOptions) => {
  expect(() => commandOf({ runOptions })).toThrow(
    expect.objectContaining({ info: expect.objectContaining({ code: 'ContainerInvalidSettings' }) }),
  )
})

test('it sees the directories that it names, where they are on the node', () => {
  const mounts = [
    { source: 'Task' },
    { source: 'Shared', isReadOnly: true },
    { source: 'JobPrep' },
    { source: 'Applications', isReadOnly: false },
  ] as const
  const command = commandOf({ mounts }, { preparationRoot: `${NODE}/prepared` })
  expect(valuesOf('--mount', command)).toEqual([
    `type=bind,source=${ROOT},target=${ROOT}`,
    `type=bind,source=${NODE}/shared,target=${NODE}/shared,readonly`,
    `type=bind,source=${NODE}/prepared,target=${NODE}/prepared`,
    `type=bind,source=${NODE}/applications,target=${NODE}/applications`,
  ])
  expect(valuesOf('--workdir', command)).toEqual([`${ROOT}/wd`])
})

test('without its task it sees nothing and starts where the image says', () => {
  const command = commandOf({ mounts: [{ source: 'JobPrep' }, {}] })
  expect([
    ...valuesOf('--mount', command),
    ...valuesOf('--workdir', command),
    ...valuesOf('--env', command),
  ]).toEqual([])
})

test('it starts where the image says when it is asked to', () => {
  expect(commandOf({ startsInImage: true }).argv).not.toContain('--workdir')
})

test('a path may have commas, colons and quotes', () => {
  const path = '/a,b:c"d'
  const place = { ...taskPlace(path, 'j', 't') }
  const [mount] = valuesOf('--mount', commandOf({}, { place }))
  expect(mount).toBe('type=bind,"source=/a,b:c""d","target=/a,b:c""d"')
})
