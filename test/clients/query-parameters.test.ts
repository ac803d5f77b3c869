// The query parameters of each operation against those that @azure/batch declares: what a client can send is taken.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { requireKnownOptions } from '../../emulator/src/http/query-options.ts'
import { createRouter } from '../../emulator/src/http/router.ts'
import { ROUTES } from '../../emulator/src/http/routes.ts'

const SOURCES = join(dirname(dirname(fileURLToPath(import.meta.resolve('@azure/batch')))), 'dist-esm/src')
const VERSION = '2022-10-01.16.0'
const CANDIDATES = [
  '$filter',
  '$select',
  '$expand',
  'maxresults',
  'recursive',
  'starttime',
  'endtime',
  'force',
]

const PARAMETER = /export const (\w+) = \{\s+parameterPath: [^;]*?serializedName: "([^"]+)"/g
const SPEC = /httpMethod: "(\w+)",\s+path: "([^"]+)",[\s\S]*?queryParameters: \[([^\]]*)\]/g

const names = new Map(
  Array.from(
    readFileSync(join(SOURCES, 'models/parameters.js'), 'utf8').matchAll(PARAMETER),
    ([, variable = '', name = '']) => [variable, name.toLowerCase()],
  ),
)

const declared = readdirSync(join(SOURCES, 'operations'))
  .filter((file) => file.endsWith('.js'))
  .flatMap((file) => [...readFileSync(join(SOURCES, 'operations', file), 'utf8').matchAll(SPEC)])
  .filter(([, , path]) => !path?.includes('{nextLink}'))
  .map(([, verb = '', path = '', list = '']) => ({ verb, path: `/${path.replace(/^\//, '')}`, list }))
  .map(({ verb, path, list }) => [
    `${verb} ${path}`,
    Array.from(list.matchAll(/Parameters\.(\w+)/g), ([, variable = '']) => names.get(variable) ?? variable),
  ])

const findRoute = createRouter(ROUTES)

test('the client declares 78 operations and knows the names of their parameters', () => {
  expect(declared).toHaveLength(78)
  expect(names.get('apiVersion')).toBe('api-version')
})

test.each(declared as [string, string[]][])('%s takes the parameters of the client', (line, parameters) => {
  const [verb = '', path = ''] = line.split(' ')
  const { operation } = findRoute(verb, path, VERSION).route
  const taken = CANDIDATES.filter((name) => takes(operation, name))
  const wanted = CANDIDATES.filter((name) => parameters.includes(name))
  // az asks the list of subtasks for pages, which the client's other users do not.
  expect(taken.filter((name) => operation !== 'task.listSubtasks' || name !== 'maxresults')).toEqual(wanted)
  expect(parameters.filter((name) => !takes(operation, name))).toEqual([])
})

function takes(operation: string, name: string): boolean {
  try {
    requireKnownOptions(operation, VERSION, new Map([[name, 'x']]))
    return true
  } catch {
    return false
  }
}
