import type { Wire } from '@malachite/model'

/** Members of the service's JSON that hold a time. */
const TIME = /Time$|^(lastModified|timestamp)$/

/** The service's JSON as the model: times become `Date`s. Changes the object in place, the engine made it for us. */
export function revive<T>(value: Wire<T>): T {
  if (value !== null && typeof value === 'object') reviveMembers(value as Record<string, unknown>)
  return value as T
}

function reviveMembers(object: Record<string, unknown>): void {
  for (const [name, member] of Object.entries(object)) {
    if (typeof member === 'string' && TIME.test(name)) object[name] = toDate(member)
    else revive(member)
  }
}

/** Durations such as `maxWallClockTime` have such names too; they stay text. */
function toDate(text: string): Date | string {
  return /^\d{4}-/.test(text) ? new Date(text) : text
}
