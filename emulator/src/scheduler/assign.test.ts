import { expect, test } from 'vitest'
import { assign } from './assign.ts'

const task = (id: string, slots = 1, affinity: string | null = null, nodes = 0) => ({
  id,
  slots,
  affinity,
  nodes,
})
const wide = (id: string, nodes: number, affinity: string | null = null) => task(id, 1, affinity, nodes)
const node = (affinityId: string, free: number) => ({ affinityId, free })
const plan = (...args: Parameters<typeof assign<ReturnType<typeof task>, ReturnType<typeof node>>>) =>
  assign(...args).map(({ task, node }) => `${task.id}@${node.affinityId}`)

test('spread fills the emptiest node first', () => {
  expect(plan([task('a'), task('b'), task('c')], [node('n1', 1), node('n2', 3)], 'spread')).toEqual([
    'a@n2',
    'b@n2',
    'c@n1',
  ])
})

test('pack fills the fullest node that fits', () => {
  expect(plan([task('a'), task('b'), task('c')], [node('n1', 1), node('n2', 3)], 'pack')).toEqual([
    'a@n1',
    'b@n2',
    'c@n2',
  ])
})

test('a task that needs too many slots is passed over by smaller ones', () => {
  expect(plan([task('big', 4), task('small')], [node('n1', 2)], 'spread')).toEqual(['small@n1'])
})

test('a task goes to the node of its affinity while that has room', () => {
  const tasks = [task('a', 1, 'n2'), task('b', 1, 'n2')]
  expect(plan(tasks, [node('n1', 5), node('n2', 1)], 'spread')).toEqual(['a@n2', 'b@n1'])
})

test('never gives a node more than its free slots', () => {
  const tasks = Array.from({ length: 10 }, (_, i) => task(`t${i}`, 2))
  expect(plan(tasks, [node('n1', 5), node('n2', 4)], 'spread')).toHaveLength(4)
})

test('a task for several nodes takes a slot on each of them, its affinity first', () => {
  const nodes = [node('n1', 1), node('n2', 1), node('n3', 1)]
  const [first] = assign([wide('wide', 2, 'n2')], nodes, 'spread')
  expect([first?.node, ...(first?.others ?? [])]).toEqual([nodes[1], nodes[0]])
  expect(plan([wide('wide', 2), task('a'), task('b')], nodes, 'spread')).toEqual(['wide@n1', 'a@n3'])
})

test('a task for more nodes than there are is passed over', () => {
  expect(plan([wide('wide', 3), task('a')], [node('n1', 1), node('n2', 1)], 'spread')).toEqual(['a@n1'])
})
