import { expect, test } from 'vitest'
import { hasMember, moveMember, readPath, withoutMember } from './member-path.ts'

const DISKS = {
  id: 'p',
  machine: { disks: [{ lun: 0, type: 'a' }, { lun: 1 }], name: 'm' },
  tags: ['x'],
}

test('splits a path into its steps', () => {
  expect(readPath('a')).toEqual(['a'])
  expect(readPath('a.b[].c')).toEqual(['a', 'b', '[]', 'c'])
})

test.each([
  ['id', true],
  ['machine.name', true],
  ['machine.disks[].type', true],
  ['machine.disks[].size', false],
  ['machine[].name', false],
  ['tags.name', false],
  ['id.length', false],
  ['constructor', false],
  ['missing.name', false],
])('has a member at %s: %s', (path, expected) => {
  expect(hasMember(DISKS, readPath(path))).toBe(expected)
})

test('what is null is not there', () => {
  expect(hasMember({ a: null }, ['a'])).toBe(false)
  expect(hasMember(null, ['a'])).toBe(false)
})

test('leaves a member out, in every item of a list, and changes nothing in place', () => {
  const body = structuredClone(DISKS)
  expect(withoutMember(body, readPath('machine.disks[].type'))).toEqual({
    ...DISKS,
    machine: { disks: [{ lun: 0 }, { lun: 1 }], name: 'm' },
  })
  expect(withoutMember(body, ['id'])).not.toHaveProperty('id')
  expect(body).toEqual(DISKS)
})

test.each(['machine.disks[].size', 'missing', 'missing.name', 'tags.name', 'tags[].name', 'machine[].name'])(
  'a body without %s stays the same object',
  (path) => {
    expect(withoutMember(DISKS, readPath(path))).toBe(DISKS)
    expect(moveMember(DISKS, readPath(path), readPath(`${path}2`))).toBe(DISKS)
  },
)

test('a member that gets another name keeps its place', () => {
  expect(JSON.stringify(moveMember({ a: 1, b: 2, c: 3 }, ['b'], ['x']))).toBe('{"a":1,"x":2,"c":3}')
})

test('a member moves into an object of its own and back, in every item of a list', () => {
  const [flat, deep] = [readPath('machine.disks[].type'), readPath('machine.disks[].managed.type')]
  const moved = moveMember(DISKS, flat, deep)
  expect(moved).toEqual({
    ...DISKS,
    machine: { disks: [{ lun: 0, managed: { type: 'a' } }, { lun: 1 }], name: 'm' },
  })
  expect(moveMember(moved, deep, flat)).toEqual(DISKS)
})

test('an object keeps its other members when one moves in or out', () => {
  const deep = ['managed', 'type']
  expect(moveMember({ type: 1, managed: { a: 1 } }, ['type'], deep)).toEqual({ managed: { a: 1, type: 1 } })
  expect(moveMember({ managed: { a: 1, type: 1 } }, deep, ['type'])).toEqual({ managed: { a: 1 }, type: 1 })
})
