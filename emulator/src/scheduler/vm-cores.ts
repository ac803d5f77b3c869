// How many cores a size of virtual machine has. The name says it, but for sizes that are older than that rule.

/** Name without `standard_` → cores. */
const OLD_SIZES: readonly (readonly [RegExp, Readonly<Record<number, number>>])[] = [
  [/^a\d+$/, { 0: 1, 1: 1, 2: 2, 3: 4, 4: 8, 5: 2, 6: 4, 7: 8, 8: 8, 9: 16, 10: 8, 11: 16 }],
  [/^ds?\d+(?:_v2)?(?:_promo)?$/, { 1: 1, 2: 2, 3: 4, 4: 8, 5: 16, 11: 2, 12: 4, 13: 8, 14: 16, 15: 20 }],
  [/^gs?\d+$/, { 1: 2, 2: 4, 3: 8, 4: 16, 5: 32 }],
]

/** Cores of a size such as `standard_d2s_v3`; 1 when its name does not say. */
export function coresOf(vmSize: string): number {
  return knownCoresOf(vmSize) ?? 1
}

/** Cores of a size; `undefined` when its name does not say. */
export function knownCoresOf(vmSize: string): number | undefined {
  const name = vmSize.toLowerCase().replace(/^(?:standard|basic)_/, '')
  // The first number counts; of `m8-2ms` the second, because the size has cores that are switched off.
  const [, first, constrained] = /^[a-z]+(\d+)(?:-(\d+))?/.exec(name) ?? []
  if (first === undefined) return undefined
  const number = Number(constrained ?? first)
  const old = OLD_SIZES.find(([pattern]) => pattern.test(name))
  return old?.[1][number] ?? number
}
