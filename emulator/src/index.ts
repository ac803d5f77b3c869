export { startEmulator, type Emulator, type EmulatorOptions } from './emulator.ts'
export type { AddedTask, Engine, ListQuery, Page, Stamp, TaskLocation } from './engine/api.ts'
export type {
  CommandOutcome,
  Effect,
  NodeIdentity,
  NodeReports,
  NodeRuntime,
  TaskRun,
} from './engine/effects.ts'
export { createEngine } from './engine/engine.ts'
export { openBatchHost, type BatchHost, type HostOptions } from './host.ts'
export type { HttpLogger } from './http/context.ts'
export { resolveFilePath, selectFiles } from './http/file-query.ts'
export { ROUTES } from './http/routes.ts'
export { openStore } from './storage/store.ts'
