// Chance for fuzzing: each input has its own, made from the seed, the target and the input's number. So any input can be
// made again without those before it.

/** Chance of one input. */
export interface Random {
  /** A whole number from 0 up to (not including) `limit`. */
  int(limit: number): number
  /** True once in `times`. */
  oneIn(times: number): boolean
  pick<Item>(items: readonly [Item, ...Item[]]): Item
}

/** The chance of the input `index` of a target. */
export function createRandom(seed: number, target: string, index: number): Random {
  let state = mix(seed ^ hash(target)) ^ mix(index)
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0
    return mix(state) >>> 0
  }
  const int = (limit: number): number => Math.floor((next() / 2 ** 32) * limit)
  return {
    int,
    oneIn: (times) => int(times) === 0,
    pick: (items) => items[int(items.length)] ?? items[0],
  }
}

function hash(text: string): number {
  let sum = 0x811c9dc5
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return sum
}

/** The end of MurmurHash3: every bit of the number decides about every bit of the result. */
function mix(number: number): number {
  let bits = Math.imul(number ^ (number >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
