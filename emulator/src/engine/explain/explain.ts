// Why things are as they are, for people who wait: answers of the emulator that the service does not have. Everything is
// read when it is asked, by indexes, and nothing is changed.

import type { Explanation } from '@malachite/model'
import type { Engine } from '../api.ts'
import type { Core } from '../core/core.ts'
import type { Finding } from './finding.ts'
import { explainJobSchedule } from './job-schedules.ts'
import { explainJob } from './jobs.ts'
import { withTimeLeft } from './lasting.ts'
import { explainNode } from './nodes.ts'
import { explainPool } from './pools.ts'
import { explainTask } from './tasks.ts'
import { requireJob, requireJobSchedule, requireNode, requirePool, requireTask } from '../core/lookup.ts'

export function createExplain(core: Core): Engine['explain'] {
  function answer(subject: string, state: string, finding: Finding): Explanation {
    const { cause, sentence, fix, details } = withTimeLeft(core, finding)
    return { subject, state, cause, sentence, fix, ...(details && { details }) }
  }

  return {
    task(jobId, taskId) {
      const job = requireJob(core, jobId)
      const task = requireTask(core, job, taskId)
      return answer(`task ${task.id} of job ${job.id}`, task.state, explainTask(core, job, task))
    },
    job(jobId) {
      const job = requireJob(core, jobId)
      return answer(`job ${job.id}`, job.state, explainJob(core, job))
    },
    pool(poolId) {
      const pool = requirePool(core, poolId)
      const nodes = core.store.nodes.ofPool(pool.key)
      const state = pool.state === 'deleting' ? pool.state : pool.allocationState
      return answer(`pool ${pool.id}`, state, explainPool({ pool, nodes }))
    },
    node(poolId, nodeId) {
      const pool = requirePool(core, poolId)
      const node = requireNode(core, pool, nodeId)
      return answer(`node ${node.id} of pool ${pool.id}`, node.state, explainNode(node))
    },
    jobSchedule(jobScheduleId) {
      const schedule = requireJobSchedule(core, jobScheduleId)
      return answer(`job schedule ${schedule.id}`, schedule.state, explainJobSchedule(core, schedule))
    },
  }
}
