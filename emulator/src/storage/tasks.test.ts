import { expect, test } from 'vitest'
import { parseTask } from '../schema/task.ts'
import { packTask, unpackTask } from './tasks.ts'

const TASKS: [what: string, task: object][] = [
  ['that is but a command', {}],
  ['with slots and limits', { requiredSlots: 2, constraints: { maxTaskRetryCount: 3 } }],
  ['that runs as an administrator', { userIdentity: { autoUser: { elevationLevel: 'admin' } } }],
  ['of a named user', { userIdentity: { username: 'alice' } }],
  ['with a display name and dependencies', { displayName: 'A', dependsOn: { taskIds: ['a', 'b'] } }],
]

test.each(TASKS)('the body of a task %s is what it was', (_, more) => {
  const body = parseTask({ id: 't', commandLine: 'true', ...more })
  expect(unpackTask({ id: 't', slots: body.requiredSlots, body: packTask(body) })).toEqual(body)
})

test('a task that is but a command keeps nothing else', () => {
  expect(packTask(parseTask({ id: 't', commandLine: '/bin/true' }))).toBe('{"commandLine":"/bin/true"}')
})
