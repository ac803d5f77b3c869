import { expect, test } from 'vitest'
import { linksOf, mostTelling, nearest, type LinkedTask } from './dependency-links.ts'

function task(id: string, dependsOn?: LinkedTask['dependsOn'], more: object = {}): LinkedTask {
  const executionInfo = { retryCount: 0, requeueCount: 0, ...more }
  return { id, state: 'active', executionInfo, ...(dependsOn && { dependsOn }) }
}

const chain = Array.from({ length: 100 }, (_, i) =>
  task(`t${i}`, i > 0 ? { taskIds: [`t${i - 1}`] } : undefined),
)

test('finds the tasks that a task names, by id regardless of case and by range', () => {
  const links = linksOf([
    task('1'),
    task('2'),
    task('10'),
    task('A'),
    task('last', { taskIds: ['a', 'unknown'], taskIdRanges: [{ start: 2, end: 10 }] }),
  ])
  expect(links.get('last')).toEqual(['A', '2', '10'])
  expect(links.get('1')).toEqual([])
})

test('a range without a task is no link', () => {
  const links = linksOf([task('1'), task('t', { taskIdRanges: [{ start: 2, end: 9 }] })])
  expect(links.get('t')).toEqual([])
})

test('the nearest tasks are those a few steps away in both directions', () => {
  expect([...nearest('t50', linksOf(chain), 5)].toSorted()).toEqual(['t48', 't49', 't50', 't51', 't52'])
})

test('the nearest of few tasks are all that are linked', () => {
  expect([...nearest('t1', linksOf(chain.slice(0, 3)), 10)].toSorted()).toEqual(['t0', 't1', 't2'])
})

test('a failure is what tells most', () => {
  const tasks = [...chain, task('broken', undefined, { result: 'failure' })]
  expect(mostTelling(tasks, linksOf(tasks))).toBe('broken')
  expect(mostTelling(chain, linksOf(chain))).toBe('t1')
  expect(mostTelling([], linksOf([]))).toBeUndefined()
})
