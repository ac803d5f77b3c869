import { BatchError, type Clock } from '@malachite/model'
import { expect, test } from 'vitest'
import { addOnce, ownerMark, type Resource } from './add-once.ts'

type Found = Awaited<ReturnType<Resource['get']>>

/** Adds a pool to a service that answers each try and each look in turn; a missing answer is success, or "not found". */
async function add(tries: (string | undefined)[], looks: (Found | undefined)[] = []) {
  const marks: string[] = []
  const events: string[] = []
  const pauses: number[] = []
  let now = 0
  const clock: Clock = {
    now: () => now,
    after(ms, fn) {
      pauses.push(ms)
      now += ms
      const timer = setImmediate(fn)
      return () => clearImmediate(timer)
    },
  }
  const resource: Resource = {
    kind: 'pool',
    id: 'p',
    runId: 'run-1',
    mayExist: false,
    mark: (existence) => marks.push(existence),
    async add() {
      const code = tries.shift()
      if (code) throw new BatchError(code)
    },
    async get() {
      const found = looks.length > 1 ? looks.shift() : looks[0]
      if (!found) throw new BatchError('PoolNotFound')
      return found
    },
  }
  const adding = addOnce({ clock, report: ({ type }) => events.push(type) }, resource)
  const error = await adding.catch((error: unknown) => error)
  return { error, existence: marks.at(-1), marks, events, pauses }
}

test('may exist from the moment it is requested', async () => {
  const { error, marks } = await add([undefined])
  expect(error).toBeUndefined()
  expect(marks).toEqual(['possible', 'created'])
})

test('an id that somebody else uses is an error that says what to do', async () => {
  const { error, existence } = await add(['PoolExists'], [{ state: 'active', metadata: ownerMark('run-2') }])
  expect(error).toMatchObject({
    code: 'PoolExists',
    status: 409,
    message: expect.stringContaining('--pool-id'),
  })
  expect(existence).toBe('none')
})

test('an id that this run uses was created by a try whose answer was lost', async () => {
  const { error, existence } = await add(['PoolExists'], [{ state: 'active', metadata: ownerMark('run-1') }])
  expect(error).toBeUndefined()
  expect(existence).toBe('created')
})

test('waits while another of the same id is being deleted', async () => {
  const { error, existence, events, pauses } = await add(
    ['PoolExists', 'PoolBeingDeleted', undefined],
    [{ state: 'deleting' }, { state: 'deleting' }],
  )
  expect(error).toBeUndefined()
  expect(existence).toBe('created')
  expect(events).toEqual(['idInDeletion'])
  expect(pauses).toEqual([50, 100])
})

test('tries again when the other one is gone by the time it looks', async () => {
  const { existence } = await add(['PoolExists', undefined], [undefined])
  expect(existence).toBe('created')
})

test('gives up on a deletion that does not end', async () => {
  const forever = Array.from({ length: 1000 }, () => 'PoolBeingDeleted')
  const { error, pauses } = await add(forever, [{ state: 'deleting' }])
  expect(error).toMatchObject({ code: 'PoolBeingDeleted' })
  expect(pauses.at(-1)).toBe(5000)
})

test.each([
  ['InvalidPropertyValue', 'none'],
  ['InternalError', 'possible'],
  ['NoConnection', 'possible'],
])('after %s it is %s', async (code, existence) => {
  expect(await add([code])).toMatchObject({ error: { code }, existence })
})
