// How the machines of a pool get new operating system images: checked and answered, without effect on local nodes.

import * as v from 'valibot'
import { choice, duration, flag, integer, members } from './common.ts'

const percent = v.exactOptional(integer(5, 100))
const optionalFlag = v.exactOptional(flag)

/** The upgrade policy of a pool. */
export const upgradePolicy = members({
  mode: choice('automatic', 'manual', 'rolling'),
  automaticOSUpgradePolicy: v.exactOptional(
    members({
      disableAutomaticRollback: optionalFlag,
      enableAutomaticOSUpgrade: optionalFlag,
      useRollingUpgradePolicy: optionalFlag,
      osRollingUpgradeDeferral: optionalFlag,
    }),
  ),
  rollingUpgradePolicy: v.exactOptional(
    members({
      enableCrossZoneUpgrade: optionalFlag,
      maxBatchInstancePercent: percent,
      maxUnhealthyInstancePercent: percent,
      maxUnhealthyUpgradedInstancePercent: v.exactOptional(integer(0, 100)),
      pauseTimeBetweenBatches: v.exactOptional(duration()),
      prioritizeUnhealthyInstances: optionalFlag,
      rollbackFailedInstancesOnPolicyBreach: optionalFlag,
    }),
  ),
})
