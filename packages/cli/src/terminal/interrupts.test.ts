import { expect, onTestFinished, test } from 'vitest'
import { watchInterrupts } from './interrupts.ts'

function watch() {
  const seen: string[] = []
  let time = 1000
  const interrupts = watchInterrupts({
    onFirst: () => seen.push('first'),
    onSecond: () => seen.push('second'),
    now: () => time,
  })
  onTestFinished(() => interrupts.stop())
  return { seen, interrupts, pass: (ms: number) => (time += ms) }
}

test('the first interrupt aborts the signal, the second ends', () => {
  const { seen, interrupts, pass } = watch()
  interrupts.interrupt()
  expect(interrupts.signal.aborted).toBe(true)
  pass(600)
  interrupts.interrupt()
  expect(seen).toEqual(['first', 'second'])
})

test('one key that arrives several times is one interrupt', () => {
  const { seen, interrupts, pass } = watch()
  interrupts.interrupt()
  pass(100)
  interrupts.interrupt()
  expect(seen).toEqual(['first'])
})

test('signals have their usual effect again afterwards', () => {
  const before = process.listenerCount('SIGINT')
  const { interrupts } = watch()
  expect(process.listenerCount('SIGINT')).toBe(before + 1)
  interrupts.stop()
  expect(process.listenerCount('SIGINT')).toBe(before)
})
