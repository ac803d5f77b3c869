// The page on troubleshooting quotes what is printed, so that it is found by searching for it.

import { BATCH_ERRORS } from '@malachite/model'
import { expect, test } from 'vitest'
import { readSources, shippedSources } from '../../architecture/sources.ts'
import { CHAPTERS } from './advice.ts'
import { SITUATIONS } from './situations.ts'

const MESSAGES = Object.values(SITUATIONS)
  .flat()
  .flatMap(({ messages }) => messages)

/** All that is published, the pieces of long texts joined. */
const SOURCE = [...shippedSources(), ...readSources(['packages/cli/bin/*.mjs'])]
  .map(({ text }) => text.replaceAll(/['`] \+\s*['`]/g, '').replaceAll('\\`', '`'))
  .join('\n')

test.each(MESSAGES)('a source says: %s', (message) => {
  // What stands in braces differs from case to case.
  const pieces = message.split(/\{.*?\}/).map((piece) => piece.trim())
  expect(pieces.filter((piece) => !SOURCE.includes(piece))).toEqual([])
})

test('every code of the service has a cause and a remedy, once', () => {
  const advised = Object.values(CHAPTERS).flatMap((chapter) => Object.keys(chapter))
  expect(advised.toSorted()).toEqual(Object.keys(BATCH_ERRORS).toSorted())
})
