import { expect, test } from 'vitest'
import { coresOf } from './vm-cores.ts'

test.each([
  ['standard_d2s_v3', 2],
  ['STANDARD_D48ads_v5', 48],
  ['standard_f16s_v2', 16],
  ['standard_nc6s_v3', 6],
  ['standard_a1', 1],
  ['standard_a11', 16],
  ['standard_a4_v2', 4],
  ['standard_d1_v2', 1],
  ['standard_d3_v2', 4],
  ['standard_ds15_v2', 20],
  ['standard_d13_v2_promo', 8],
  ['standard_gs5', 32],
  ['standard_m8-2ms', 2],
  ['basic_a2', 2],
  ['large', 1],
])('%s has %i cores', (vmSize, cores) => {
  expect(coresOf(vmSize)).toBe(cores)
})
