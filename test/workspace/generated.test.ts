import { expect, test } from 'vitest'
import { current, GENERATED, render } from './generated.ts'

test.each(GENERATED)('$file: the part "$name" is up to date (npm run docs)', ({ file, name, text }) => {
  expect(current(file)).toBe(render(file, name, text()))
})
