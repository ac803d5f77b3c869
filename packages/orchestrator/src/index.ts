export { RUN_METADATA } from './add-once.ts'
export { addTasks, type AddedTasks, type AddTasksParts } from './add-tasks.ts'
export { formatHalt, type Halt, type HaltCondition } from './halt.ts'
export { CONTAINER_RUN_METADATA } from './containers.ts'
export { halve, toChunks, type ChunkLimits } from './chunks.ts'
export {
  waitForTasks,
  type Ending,
  type MonitorBackend,
  type MonitorOptions,
  type MonitorParts,
} from './monitor.ts'
export { ensureNodeCommands, MIN_NODE_MAJOR, useNodeCommand } from './node-runtime.ts'
export { planWorkflow, type PlannedUpload, type WorkflowPlan } from './plan.ts'
export type { BlobPlace } from './preview.ts'
export {
  STEPS,
  type FailedTask,
  type LeftBehind,
  type Report,
  type Resumption,
  type Step,
  type StepTime,
  type TaskEnd,
  type Trouble,
  type WorkflowEvent,
} from './report.ts'
export { checkFiles } from './preflight.ts'
export type { Confirm, Question, WorkflowParts } from './run.ts'
export { emptyState, type EndedState, type FileMark, type RunState } from './run-state.ts'
export { selectImage, type ImageChoice } from './select-image.ts'
export {
  resolveSettings,
  type ContainerNames,
  type DeleteChoice,
  type ResolvedSettings,
  type WorkflowSettings,
} from './settings.ts'
export type { RunStatistics, RunTimes } from './statistics.ts'
export type { EndedTask, OnTaskEnds } from './task-ends.ts'
export { topWordsWorkload, type TopWordsOptions } from './top-words-workload.ts'
export { runWorkflow, type Outcome, type RunResult } from './workflow.ts'
export type { InputFile, OutputTarget, Workload } from './workload.ts'
