// Bodies of all operations: each is taken, or refused with an error of the service.

import { changeBody, type Json } from '../bodies.ts'
import { defineTarget, isToldToCallers, orRefused, type Target } from '../target.ts'
import { OPERATIONS } from './operations.ts'

/** A body of one of the operations. */
export function openBodies(): Target {
  const all = Object.entries(OPERATIONS)
  // A body that is refused from the start would try nothing.
  for (const [, { parse, valid }] of all) parse(valid)
  const donors = all.map(([, { valid }]) => valid) as [Json, ...Json[]]
  return defineTarget({
    name: 'bodies',
    make(random) {
      const [operation, { valid }] = all[random.int(all.length)] ?? ['', { valid: null }]
      return { operation, body: changeBody(random, valid, donors) }
    },
    check({ operation, body }) {
      const taken = orRefused(() => OPERATIONS[operation]?.parse(body), isToldToCallers)
      // What is kept of it is written as JSON.
      JSON.stringify(taken)
    },
  })
}
