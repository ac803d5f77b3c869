// The route table against what @azure/batch declares: verb, path and success status of every operation.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ROUTES } from '../../emulator/src/http/routes.ts'
import { isIn } from '../../emulator/src/http/versions.ts'

const PACKAGE = dirname(dirname(fileURLToPath(import.meta.resolve('@azure/batch'))))
const OPERATIONS = join(PACKAGE, 'dist-esm/src/operations')
const SPEC = /httpMethod: "(\w+)",\s+path: "([^"]+)",[\s\S]*?responses: \{([\s\S]*?)\n {4}\}/g

/** Lines such as `GET /pools/{poolId} 200`, one per operation that the client's sources declare. */
function declaredOperations(): string[] {
  const sources = readdirSync(OPERATIONS).filter((name) => name.endsWith('.js'))
  return sources.flatMap((name) => readSpecs(readFileSync(join(OPERATIONS, name), 'utf8'))).sort()
}

function readSpecs(source: string): string[] {
  return (
    [...source.matchAll(SPEC)]
      .map(([, verb, path, responses = '']) => {
        // Existence checks declare 404 as a success, too.
        const [status] = Array.from(responses.matchAll(/^ {8}(\d{3}):/gm), ([, code]) => code)
        return `${verb} ${path?.startsWith('/') ? path : `/${path}`} ${status}`
      })
      // Next pages are read from the URL that the service gave.
      .filter((line) => !line.includes('{nextLink}'))
  )
}

test('every operation of @azure/batch has its row, and its api-version has no other row', () => {
  const declared = declaredOperations()
  expect(declared).toHaveLength(78)
  const served = ROUTES.filter(({ versions }) => isIn('2022-10-01.16.0', versions))
  expect(served.map(({ verb, path, status }) => `${verb} ${path} ${status}`).sort()).toEqual(declared)
})
