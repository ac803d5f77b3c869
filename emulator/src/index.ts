export type { FormulaWorld } from './autoscale/evaluate.ts'
export { FormulaError } from './autoscale/formula-error.ts'
export { parseFormula } from './autoscale/parser.ts'
export { runFormula, type Decision } from './autoscale/run.ts'
export { startEmulator, type Emulator, type EmulatorOptions } from './emulator.ts'
export type {
  AllocationFailure,
  AddedTask,
  Engine,
  EngineChange,
  ListQuery,
  NodeFailure,
  Page,
  Stamp,
  TaskLocation,
} from './engine/api.ts'
export type {
  Application,
  ApplicationPackage,
  CommandOutcome,
  Effect,
  NodeIdentity,
  NodeReports,
  NodeRuntime,
  TaskRun,
} from './engine/core/effects.ts'
export type { EngineParts } from './engine/core/core.ts'
export { createEngine } from './engine/engine.ts'
export { openBatchHost, type BatchHost, type HostOptions } from './host.ts'
export type { HttpLogger } from './http/context.ts'
export { resolveFilePath, selectFiles } from './http/file-query.ts'
export { findAbandonedContainers, type AbandonedContainer } from './node/abandoned-containers.ts'
export {
  addApplicationPackage,
  readApplications,
  removeApplicationPackage,
  type PackageName,
} from './node/application-folder.ts'
export { ROUTES } from './http/routes.ts'
export { PROFILES, type Profile } from './profile/profile.ts'
export { simulateAutoScale } from './simulation/simulate.ts'
export type {
  Arrival,
  SimulatedEvaluation,
  Simulation,
  SimulationOptions,
  SimulationRow,
  SimulationSummary,
} from './simulation/simulation.ts'
export { openStore } from './storage/store.ts'
export type { EmulatorWindow, WindowAnswer, WindowChange, WindowRequest } from './window.ts'
export type { PastEvent } from './window-past.ts'
