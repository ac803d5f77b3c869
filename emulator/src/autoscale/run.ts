// One evaluation as the service reports it: results, or an error with the targets unchanged.

import type { AutoScaleRun, AutoScaleRunError, Wire } from '@malachite/model'
import { evaluateFormula, type FormulaWorld } from './evaluate.ts'
import { FormulaError } from './formula-error.ts'
import type { Formula } from './syntax.ts'
import type { Deallocation, Targets } from './variables.ts'

/** What an evaluation decides; with an `error` in `run` the pool is to stay as it is. */
export interface Decision {
  targets: Targets
  deallocation: Deallocation
  run: Omit<Wire<AutoScaleRun>, 'timestamp'>
}

/** Evaluates a formula. What is wrong with it comes back in the decision. */
export function runFormula(formula: Formula, world: FormulaWorld): Decision {
  try {
    const { targets, deallocation, own } = evaluateFormula(formula, world).outcome()
    return { targets, deallocation, run: { results: formatResults(targets, deallocation, own) } }
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error
    const code = error.kind === 'samples' ? 'InsufficientSampleData' : 'AutoScalingFormulaEvaluationError'
    return failedDecision(world.targets, runError(code, error.message))
  }
}

/** The decision to leave the pool as it is. */
export function failedDecision(targets: Targets, error: AutoScaleRunError): Decision {
  const deallocation = 'requeue'
  return { targets, deallocation, run: { results: formatResults(targets, deallocation, []), error } }
}

const SENTENCES = {
  InsufficientSampleData: 'Autoscale evaluation failed due to insufficient sample data',
  AutoScalingFormulaEvaluationError: 'The specified auto-scaling formula has evaluation error',
} as const

/** The service's description of what went wrong; `message` says where. */
export function runError(code: keyof typeof SENTENCES, message: string): AutoScaleRunError {
  return { code, message: SENTENCES[code], values: [{ name: 'Message', value: message }] }
}

function formatResults(targets: Targets, deallocation: Deallocation, own: [string, string][]): string {
  return [
    ['$TargetDedicatedNodes', targets.dedicated],
    ['$TargetLowPriorityNodes', targets.lowPriority],
    ['$NodeDeallocationOption', deallocation],
    ...own,
  ]
    .map(([name, value]) => `${name}=${value}`)
    .join(';')
}
