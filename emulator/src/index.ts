export type { AddedTask, Engine, ListQuery, Page, Stamp, TaskLocation } from './engine/api.ts'
export type { CommandOutcome, Effect, NodeIdentity, NodeReports, NodeRuntime, TaskRun } from './engine/effects.ts'
export { createEngine } from './engine/engine.ts'
export { openStore } from './storage/store.ts'
