// docker-compose.yml and the Dockerfile, checked without a container engine.

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { validate, ValidationSeverity } from 'dockerfile-utils'
import { execa } from 'execa'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const DOCKERFILE = readFileSync(join(ROOT, 'emulator/Dockerfile'), 'utf8')
const COMPOSE = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')

/** Rules of the linter about the order of keys; ours follows what a reader needs first. */
const ORDER_RULES = ['service-keys-order', 'services-alphabetical-order']

test('docker-compose.yml is valid and lint-free', async () => {
  const dclint = join(ROOT, 'test/node_modules/.bin/dclint')
  const skipped = ORDER_RULES.flatMap((rule) => ['--disable-rule', rule])
  const { exitCode, all } = await execa(
    dclint,
    [join(ROOT, 'docker-compose.yml'), '--max-warnings', '0', ...skipped],
    { all: true, reject: false, env: { NO_COLOR: '1' } },
  )
  expect({ exitCode, all }).toEqual({ exitCode: 0, all: '' })
})

test('every published port is on the loopback interface of the host, and both services have theirs', () => {
  const ports = sections('ports').flatMap(items)
  expect(ports).toEqual(['127.0.0.1:10000:10000', '127.0.0.1:10003:10003'])
})

test.each(['azurite', 'malachite'])(
  'service %s is checked, restarted, unprivileged and keeps its data',
  (name) => {
    const service = serviceText(name)
    expect(service).toMatch(/^ {4}healthcheck:$/m)
    expect(service).toMatch(/^ {4}restart: unless-stopped$/m)
    expect(service).toMatch(/^ {4}cap_drop:\n {6}- ALL$/m)
    expect(service).toMatch(/^ {6}- no-new-privileges:true$/m)
    expect(service).toMatch(new RegExp(`^ {6}- ${name}:/`, 'm'))
    expect(COMPOSE).toMatch(new RegExp(`^volumes:\\n(?: {2}\\w+:\\n)* {2}${name}:$`, 'm'))
  },
)

test('whoever reaches the emulator in a container may use it, which both files say', () => {
  expect(serviceText('malachite')).toMatch(/^ {6}- 0\.0\.0\.0\n {6}- --unsafe$/m)
  expect(DOCKERFILE).toMatch(/^CMD \["emulator", "--batchHost", "0\.0\.0\.0", "--unsafe", /m)
  expect(DOCKERFILE).toMatch(/^# +docker run .* -p 127\.0\.0\.1:10003:10003 /m)
})

test('the emulator waits for a healthy Azurite, which does not run as root', () => {
  expect(serviceText('malachite')).toMatch(/^ {4}depends_on:\n {6}azurite:\n {8}condition: service_healthy$/m)
  expect(serviceText('azurite')).toMatch(/^ {4}user: node$/m)
})

test('the Azurite of docker-compose.yml is the one of the workspace', () => {
  const workspace = readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8')
  const [, version] = /^ {2}azurite: (\S+)$/m.exec(workspace) ?? []
  expect(COMPOSE).toContain(`image: mcr.microsoft.com/azure-storage/azurite:${version}\n`)
})

test('the Dockerfile has no errors and no warnings', () => {
  const { ERROR } = ValidationSeverity
  const problems = validate(DOCKERFILE, {
    deprecatedMaintainer: ERROR,
    directiveCasing: ERROR,
    emptyContinuationLine: ERROR,
    instructionCasing: ERROR,
    instructionCmdMultiple: ERROR,
    instructionEntrypointMultiple: ERROR,
    instructionHealthcheckMultiple: ERROR,
    instructionJSONInSingleQuotes: ERROR,
    instructionWorkdirRelative: ERROR,
  })
  expect(problems.map(({ message, range }) => ({ line: range.start.line + 1, message }))).toEqual([])
})

test('the image runs as node, says whether it is healthy and starts the emulator', () => {
  const [, image = ''] = DOCKERFILE.split(/^FROM (?!.* AS )/m)
  expect(image).toMatch(/^USER node$/m)
  expect(image.indexOf('\nUSER ')).toBeGreaterThan(image.lastIndexOf('\nRUN '))
  expect(image).toMatch(/^HEALTHCHECK .*\\\n.*\/_malachite\/health\/ready/m)
  expect(image).toMatch(/^VOLUME \/data$/m)
  expect(image).toMatch(/^EXPOSE 10003$/m)
  expect(image).toMatch(/^ENTRYPOINT \["malachite"\]$/m)
})

test('what the image copies is in the build context', () => {
  const context = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n')
  const needed = [
    'package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'packages',
    'emulator',
    'node-task',
  ]
  expect(context).toEqual(expect.arrayContaining(['*', ...needed.map((name) => `!${name}`)]))
})

function serviceText(name: string): string {
  const [, text = ''] = new RegExp(`^ {2}${name}:\\n((?: {4}.*\\n|\\n)+)`, 'm').exec(COMPOSE) ?? []
  return text
}

function sections(key: string): string[] {
  return Array.from(
    COMPOSE.matchAll(new RegExp(`^ {4}${key}:\\n((?: {6}.*\\n)+)`, 'gm')),
    ([, text = '']) => text,
  )
}

function items(text: string): string[] {
  return Array.from(text.matchAll(/^ *- '?(.*?)'?$/gm), ([, item = '']) => item)
}
