import { expect, test } from 'vitest'
import { createSlots } from './slots.ts'

const never = new AbortController().signal

test('gives the slots out in the order in which they were asked for', async () => {
  const slots = createSlots(1)
  const order: string[] = []
  const release = await slots.take(never)
  const second = slots.take(never).then((done) => [order.push('second'), done()])
  const third = slots.take(never).then((done) => [order.push('third'), done()])
  expect(order).toEqual([])
  release()
  await Promise.all([second, third])
  expect(order).toEqual(['second', 'third'])
})

test('who stops waiting takes no slot', async () => {
  const slots = createSlots(1)
  const release = await slots.take(never)
  const controller = new AbortController()
  const given = slots.take(controller.signal)
  controller.abort(new Error('ended'))
  await expect(given).rejects.toThrow('ended')
  await expect(slots.take(controller.signal)).rejects.toThrow('ended')
  release()
  release()
  ;(await slots.take(never))()
})

test('giving a slot back twice does not make two of it', async () => {
  const slots = createSlots(1)
  const release = await slots.take(never)
  release()
  release()
  await slots.take(never)
  let isTaken = false
  void slots.take(never).then(() => (isTaken = true))
  await new Promise((resolve) => setImmediate(resolve))
  expect(isTaken).toBe(false)
})
