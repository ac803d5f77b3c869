// The last line of every test run: "N passed, N failed" (and how many were skipped).

import type { Reporter, TestModule } from 'vitest/node'

export default class PlainTotals implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap(statesOf)
    const count = (state: string): number => states.filter((s) => s === state).length
    // A file that cannot be loaded, or whose hook throws, has no failed test but has failed.
    const broken = modules.filter(
      (module) => module.state() === 'failed' && !statesOf(module).includes('failed'),
    )
    const failed = count('failed') + broken.length + errors.length
    const skipped = count('skipped')
    process.on('exit', () =>
      console.log(`${count('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`),
    )
  }
}

function statesOf(module: TestModule): string[] {
  return [...module.children.allTests()].map((test) => test.result().state)
}
