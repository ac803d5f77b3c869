import { expect, test } from 'vitest'
import { touches, type Change, type Topic } from './changes.ts'
import { createEventParser } from './event-stream.ts'

test.each<[string, boolean, Change, Topic[]]>([
  ['the thing itself', true, { jobs: ['j'] }, [{ kind: 'jobs', id: 'j' }]],
  ['the thing in another case', true, { jobs: ['J'] }, [{ kind: 'jobs', id: 'j' }]],
  ['another thing', false, { jobs: ['other'] }, [{ kind: 'jobs', id: 'j' }]],
  ['another kind', false, { pools: ['j'] }, [{ kind: 'jobs', id: 'j' }]],
  ['any thing of the kind', true, { jobs: true }, [{ kind: 'jobs', id: 'j' }]],
  ['one of the kind that is shown as a whole', true, { jobs: ['x'] }, [{ kind: 'jobs' }]],
  ['everything', true, { all: true }, [{ kind: 'nodes', id: 'p' }]],
])('a change of %s concerns a page: %s', (_, expected, change, topics) => {
  expect(touches(change, topics)).toBe(expected)
})

test('events are read from parts that are cut anywhere, without comments', () => {
  const text = 'event: hello\ndata: {"instance":"1"}\n\n:\n\nevent: change\ndata: {"jobs":["j"]}\n\n'
  for (let cut = 0; cut <= text.length; cut++) {
    const parse = createEventParser()
    expect([...parse(text.slice(0, cut)), ...parse(text.slice(cut))]).toEqual([
      { event: 'hello', data: '{"instance":"1"}' },
      { event: 'change', data: '{"jobs":["j"]}' },
    ])
  }
})
