// What users do with the formulas of pools, to the engine and to the model.

import { disableAutoScale, enableAutoScale, evaluateAutoScale } from './autoscale.ts'
import { textOf } from './bodies.ts'
import { formula, MINUTE, poolId } from './choices.ts'
import { operation } from './operations.ts'

const INTERVAL = 10 * MINUTE

export const SCALE_OPERATIONS = [
  operation(2, 'enable autoscale', { pool: poolId, formula }, (trial, { pool, formula }) => {
    const before = trial.leaving()
    trial.both(
      ({ pools }) =>
        pools.enableAutoScale(pool, {
          autoScaleFormula: textOf(formula),
          autoScaleEvaluationInterval: `PT${INTERVAL / MINUTE}M`,
        }),
      () => {
        const now = trial.leaving()
        const chosen = ({ id }: { id: string }) => now.has(id) && !before.has(id)
        enableAutoScale(trial.model, pool, formula, INTERVAL, chosen)
      },
    )
  }),
  operation(1, 'disable autoscale', { pool: poolId }, (trial, { pool }) =>
    trial.both(
      ({ pools }) => pools.disableAutoScale(pool),
      () => disableAutoScale(trial.model, pool),
    ),
  ),
  operation(1, 'evaluate autoscale', { pool: poolId, formula }, (trial, { pool, formula }) =>
    trial.both(
      ({ pools }) => pools.evaluateAutoScale(pool, { autoScaleFormula: textOf(formula) }),
      () => evaluateAutoScale(trial.model, pool),
    ),
  ),
]
