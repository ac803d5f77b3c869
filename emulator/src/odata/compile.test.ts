import { DatabaseSync } from 'node:sqlite'
import { BatchError } from '@malachite/model'
import { afterAll, expect, test } from 'vitest'
import { compileFilter, evaluateFilter, type ColumnMap } from './compile.ts'

const T1 = Date.UTC(2026, 0, 31, 12) * 1000

const ITEMS = [
  { id: 'Task_1', state: 'active', size: 0, isDirectory: false, creationTime: '2026-01-31T12:00:00Z' },
  {
    id: 'task_10',
    state: 'running',
    size: 1.5,
    isDirectory: true,
    creationTime: '2026-01-31T12:00:00.000001Z',
  },
  { id: 'taskX1', state: 'completed', executionInfo: { exitCode: -9 }, name: "it's" },
  { id: 'b%1', state: 'completed', executionInfo: { exitCode: 0 }, name: 'Ω\u{1f600}', size: -3 },
  {
    id: 'z',
    state: 'completed',
    executionInfo: { exitCode: 3 },
    name: '',
    creationTime: '2025-01-01T00:00:00.9Z',
  },
]

const COLUMNS: ColumnMap = {
  id: { sql: 'id', type: 'text' },
  state: { sql: 'state', type: 'enum' },
  vmSize: { sql: 'state', type: 'text', ignoreCase: true },
  name: { sql: 'name', type: 'text' },
  size: { sql: 'size', type: 'number' },
  isDirectory: { sql: 'is_directory', type: 'boolean' },
  creationTime: { sql: 'creation_time', type: 'time' },
  'executionInfo/exitCode': { sql: 'exit_code', type: 'number' },
}
const TYPES = Object.fromEntries(Object.entries(COLUMNS).map(([name, { type }]) => [name, type]))

const database = new DatabaseSync(':memory:')
afterAll(() => database.close())
database.exec(`create table item (
  id text primary key collate nocase, state text, name text collate nocase, size real, is_directory integer,
  creation_time integer, exit_code integer) strict`)
const insert = database.prepare('insert into item values (?, ?, ?, ?, ?, ?, ?)')
for (const { id, state, name, size, isDirectory, creationTime, executionInfo } of ITEMS) {
  const directory = isDirectory === undefined ? null : Number(isDirectory)
  const time = creationTime === undefined ? null : microseconds(creationTime)
  insert.run(id, state, name ?? null, size ?? null, directory, time, executionInfo?.exitCode ?? null)
}

function microseconds(text: string): number {
  const decimals = /\.(\d+)/.exec(text)?.[1] ?? ''
  return Date.parse(text.replace(/\.\d+/, '')) * 1000 + Number(decimals.padEnd(6, '0'))
}

function bySql(filter: string | undefined): string[] {
  const { where, params } = compileFilter(filter, COLUMNS)
  return database
    .prepare(`select id from item where ${where} order by rowid`)
    .all(...params)
    .map((row) => String(row['id']))
}

function byPredicate(filter: string | undefined): string[] {
  return ITEMS.filter(evaluateFilter(filter, TYPES)).map(({ id }) => id)
}

const ALL = ITEMS.map(({ id }) => id)
const but = (...ids: string[]): string[] => ALL.filter((id) => !ids.includes(id))

test.each<[string | undefined, string[]]>([
  [undefined, ALL],
  ["id eq 'TASK_1'", ['Task_1']],
  ["id ne 'TASK_1'", but('Task_1')],
  ["state eq 'Completed'", ['taskX1', 'b%1', 'z']],
  ["state ne 'COMPLETED'", ['Task_1', 'task_10']],
  ["startswith(id, 'TASK_')", ['Task_1', 'task_10']],
  ["startswith(id,'task')", ['Task_1', 'task_10', 'taskX1']],
  ["startswith(id,'b%')", ['b%1']],
  ["startswith(id,'%')", []],
  ["startswith(id,'')", ALL],
  ["startswith(name,'')", ['taskX1', 'b%1', 'z']],
  ["startswith(name,'Ω')", ['b%1']],
  ["startswith(id,'Z')", ['z']],
  ["not startswith(name,'it')", but('taskX1')],
  ["name eq 'it''s'", ['taskX1']],
  ["name eq ''", ['z']],
  ["id eq '(a) and b' or id eq 'z'", ['z']],
  ["id gt 'task_1'", ['task_10', 'taskX1', 'z']],
  ['size eq 0', ['Task_1']],
  ['size gt -3.5 and size lt 1', ['Task_1', 'b%1']],
  ['size ge 15e-1', ['task_10']],
  ['size le -3', ['b%1']],
  ['size ne 0', but('Task_1')],
  ['size eq null', ['taskX1', 'z']],
  ['size ne null', but('taskX1', 'z')],
  ['not (size gt 0)', but('task_10')],
  ['not (size eq 0)', but('Task_1')],
  ['not not size eq 0', ['Task_1']],
  ['isDirectory eq true', ['task_10']],
  ['isDirectory ne true', but('task_10')],
  ['isDirectory eq false', ['Task_1']],
  ['executionInfo/exitCode eq -9', ['taskX1']],
  ['executionInfo/exitCode ne 0', but('b%1')],
  ['executionInfo/exitCode gt 0', ['z']],
  ["creationTime eq DateTime'2026-01-31T12:00:00Z'", ['Task_1']],
  ["creationTime gt DateTime'2026-01-31T12:00:00.0000000Z'", ['task_10']],
  ["creationTime lt datetime'2026-01-31T13:00:00.0000005+01:00'", ['Task_1', 'z']],
  ["creationTime le DateTime'2026-01-31'", ['z']],
  // `and` binds tighter than `or`, `not` tighter than both.
  ["id eq 'z' or state eq 'active' and size eq 1", ['z']],
  ["(id eq 'z' or state eq 'active') and size eq 0", ['Task_1']],
  ["not id eq 'z' and state eq 'completed'", ['taskX1', 'b%1']],
  ["not (state eq 'completed' and not (executionInfo/exitCode eq 0))", ['Task_1', 'task_10', 'b%1']],
  ["  id   eq\t'z'  ", ['z']],
])('finds the same rows in SQL and in memory for %s', (filter, ids) => {
  expect(bySql(filter)).toEqual(ids)
  expect(byPredicate(filter)).toEqual(ids)
})

test('takes more alternatives than SQLite takes in a chain, and more parentheses than anyone writes', () => {
  const many = Array.from({ length: 1080 }, (_, i) => `size eq ${i}`).join(' or ')
  const nested = `${'('.repeat(50)}id eq 'z'${')'.repeat(50)}`
  expect([bySql(many), byPredicate(many)]).toEqual([['Task_1'], ['Task_1']])
  expect([bySql(nested), byPredicate(nested)]).toEqual([['z'], ['z']])
})

test('puts every text of the caller into parameters', () => {
  expect(compileFilter("id eq 'x'' or 1=1 --' or not startswith(vmSize,'A')", COLUMNS)).toEqual({
    where: '(id = ? or ((state >= ? and state < ?)) is not true)',
    params: ["x' or 1=1 --", 'a', 'a\u{10ffff}'],
  })
  expect(compileFilter(undefined, COLUMNS)).toEqual({ where: '1', params: [] })
  expect(compileFilter("creationTime ge DateTime'2026-01-31T12:00:00.0000027Z'", COLUMNS).params).toEqual([
    T1 + 2.75,
  ])
})

test('uses the index of the column for startswith and eq', () => {
  for (const filter of ["startswith(id,'task')", "id eq 'z'"]) {
    const { where, params } = compileFilter(filter, COLUMNS)
    const plan = database.prepare(`explain query plan select * from item where ${where}`).all(...params)
    expect(String(plan[0]?.['detail'])).toContain('SEARCH item USING INDEX')
  }
})

test('compares times that are already numbers in memory', () => {
  expect(evaluateFilter("at gt DateTime'2026-01-31T12:00:00Z'", { at: 'time' })({ at: T1 + 1 })).toBe(true)
})

test.each([
  ['', 'Expected the name of a property, but the filter ends at position 1.'],
  ["stat eq 'active'", "Unknown property 'stat' at position 1."],
  ["State eq 'active'", "Unknown property 'State' at position 1."],
  ['constructor eq 1', "Unknown property 'constructor' at position 1."],
  ['size eq 1 and foo/bar eq 1', "Unknown property 'foo/bar' at position 15."],
  ["id like 'x'", "Unknown operator 'like' at position 4."],
  ["id EQ 'x'", "Unknown operator 'EQ' at position 4."],
  ['id', 'Expected one of eq, ne, gt, ge, lt, le, but the filter ends at position 3.'],
  ['id eq', 'Expected a value, but the filter ends at position 6.'],
  ['id eq id', 'Expected a value, but found id at position 7.'],
  ['id eq 5', "'id' is compared with a string in quotes, not with 5 at position 7."],
  ["size eq '5'", "'size' is compared with a number, not with '5' at position 9."],
  ['isDirectory eq 1', "'isDirectory' is compared with true or false, not with 1 at position 16."],
  ['isDirectory gt true', "'isDirectory' can be compared only with eq and ne at position 16."],
  [
    "creationTime gt '2026-01-01'",
    "'creationTime' is compared with a time like DateTime'2026-01-31T12:00:00Z', not with '2026-01-01' at position 17.",
  ],
  [
    "creationTime gt DateTime'2026-02-30'",
    "DateTime'2026-02-30' is not a time like DateTime'2026-01-31T12:00:00Z' at position 17.",
  ],
  ['size gt null', 'null can be compared only with eq and ne at position 9.'],
  ["id eq 'x", 'A string without a closing quote at position 7.'],
  ["id eq 'x' xor id eq 'y'", "Unexpected 'xor' after the end of the expression at position 11."],
  ["(id eq 'x'", "Expected ')', but the filter ends at position 11."],
  ["id eq 'x')", "Unexpected ')' after the end of the expression at position 10."],
  ["id eq 'x' and", 'Expected the name of a property, but the filter ends at position 14.'],
  ["'x' eq id", "Expected the name of a property, but found 'x' at position 1."],
  ["startswith(size,'1')", "'size' is not a text at position 12."],
  ["startswith(state,'a')", "'state' can be compared only with eq and ne at position 12."],
  ["state gt 'active'", "'state' can be compared only with eq and ne at position 10."],
  ['state eq active', 'Expected a value, but found active at position 10.'],
  ['state eq 1', "'state' is compared with a string in quotes, not with 1 at position 10."],
  ['startswith(id,1)', 'Expected a string in quotes, but found 1 at position 15.'],
  ["startswith(id 'x')", "Expected ',', but found 'x' at position 15."],
  ["endswith(id,'x')", "Unknown property 'endswith' at position 1."],
  ["id eq 'x'; drop table item", "Unexpected ';' at position 10."],
  ['size eq 1x', "Unexpected '1' at position 9."],
])('refuses %s', (filter, reason) => {
  expect(refusals(filter)).toEqual([refusal(filter, reason), refusal(filter, reason)])
})

test.each<[string, string, string]>([
  ['is too long', '('.repeat(100_000), 'The filter is too long at position 16384.'],
  ['has too many parentheses', '('.repeat(10_000), 'Too many nested parentheses at position 51.'],
  ['negates too often', 'not '.repeat(4000), 'Too many nested parentheses at position 201.'],
])('refuses a filter that %s', (_, filter, reason) => {
  expect(refusals(filter)).toEqual([refusal(filter, reason), refusal(filter, reason)])
})

function refusal(filter: string, reason: string): object {
  const details = { QueryParameterName: '$filter', QueryParameterValue: filter, Reason: reason }
  return { code: 'InvalidQueryParameterValue', status: 400, details }
}

/** What both ways of compiling say against a filter. */
function refusals(filter: string): object[] {
  return [() => compileFilter(filter, COLUMNS), () => evaluateFilter(filter, TYPES)].map((compile) => {
    const { code, status, details } = catchError(compile)
    return { code, status, details }
  })
}

function catchError(run: () => unknown): BatchError {
  try {
    run()
  } catch (error) {
    if (error instanceof BatchError) return error
    throw error
  }
  throw new Error('The filter was accepted.')
}
