import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createConfirm, parseAnswer } from './question.ts'

const question = { resource: 'pool', id: 'p', text: 'Delete pool?' } as const

async function answer(...lines: string[]): Promise<{ isYes: boolean; output: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()]
  let text = ''
  output.on('data', (part: Buffer) => {
    text += part.toString()
    if (text.endsWith('[Y/n] ')) {
      const line = lines.shift()
      if (line === undefined) input.end()
      else input.write(`${line}\n`)
    }
  })
  const isYes = await createConfirm({ input, output }, () => {})(question, {})
  return { isYes, output: text }
}

test('yes is the default', async () => {
  expect(await answer('')).toEqual({ isYes: true, output: 'Delete pool? [Y/n] ' })
})

test('no is no', async () => {
  expect((await answer('n')).isYes).toBe(false)
})

test('anything else is asked again', async () => {
  const { isYes, output } = await answer('perhaps', 'NO')
  expect(isYes).toBe(false)
  expect(output).toBe('Delete pool? [Y/n] Please answer y or n.\nDelete pool? [Y/n] ')
})

test('the end of the input means yes', async () => {
  expect((await answer()).isYes).toBe(true)
})

test('answers are read regardless of case and blanks', () => {
  expect([' Y ', 'yes', 'N', 'no', 'x'].map(parseAnswer)).toEqual([true, true, false, false, undefined])
})
