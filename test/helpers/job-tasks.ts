// An engine with one pool whose commands are scripted by their command line, for jobs with tasks of their own.

import type { Engine } from '@malachite/emulator'
import { type Script } from './fake-runtime.ts'
import { jobBody, openVirtualEngine, poolBody } from './virtual-engine.ts'

/** How commands end, by command line; a list has one for each try, the last one for all further ones. */
export type Scripts = Readonly<Record<string, Script | Script[]>>

/** A job with a preparation task. */
export const PREPARE = { jobPreparationTask: { commandLine: 'prepare' } }
/** A job with a preparation and a release task. */
export const RELEASE = { ...PREPARE, jobReleaseTask: { commandLine: 'release' } }

/** An engine with the pool `p`; commands succeed after 1 s unless the scripts say otherwise. */
export function openWithScripts(scripts: Scripts = {}, pool: object = {}) {
  const virtual = openVirtualEngine({
    script(line, tries) {
      const list = [scripts[line] ?? {}].flat()
      return list[tries] ?? list.at(-1) ?? {}
    },
  })
  const { engine, runtime } = virtual
  engine.pools.add(poolBody('p', pool))
  virtual.seconds(1)
  return {
    ...virtual,
    /** Adds a job for the pool. */
    add: (more: object = {}, id = 'j') => engine.jobs.add(jobBody(id, 'p', more)),
    /** Ids of the tasks that were started, in order. */
    started: () => runtime.started.map(({ taskId }) => taskId),
    task: (id = 't') => engine.tasks.get('j', id),
    nodes: () => engine.nodes.list('p').items,
    nodeId: () => engine.nodes.list('p').items[0]?.id ?? '',
  }
}

/** What the preparation and release tasks of a job did on its nodes. */
export function statusOf(engine: Engine, jobId = 'j') {
  return engine.jobs.preparationAndReleaseStatus(jobId).items
}

/** What its preparation task did. */
export function preparationsOf(engine: Engine, jobId = 'j') {
  return statusOf(engine, jobId).map((node) => node.jobPreparationTaskExecutionInfo)
}
