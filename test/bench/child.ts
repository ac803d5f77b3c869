// One benchmark in a process of its own, so that none finds the heap and the compiled code of another. It tells its
// parent what it found and ends when its parent does.

import { BENCHMARKS } from './benchmarks.ts'

const [name = '', form = '', memory = ''] = process.argv.slice(2)
process.on('disconnect', () => process.exit(1))

const benchmark = BENCHMARKS[name]
if (!benchmark) throw new Error(`no benchmark "${name}"`)
const measurement = await benchmark[form === 'quick' ? 'quick' : 'full']({ memory })
process.send?.(measurement, () => process.exit(0))
