export { RUN_METADATA } from './add-once.ts'
export { addTasks, type AddedTasks, type AddTasksParts } from './add-tasks.ts'
export { halve, toChunks, type ChunkLimits } from './chunks.ts'
export {
  waitForTasks,
  type Ending,
  type MonitorBackend,
  type MonitorOptions,
  type MonitorParts,
} from './monitor.ts'
export { ensureNodeCommands, MIN_NODE_MAJOR, useNodeCommand } from './node-runtime.ts'
export {
  STEPS,
  type FailedTask,
  type LeftBehind,
  type Report,
  type Resumption,
  type Step,
  type StepTime,
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
export { topWordsWorkload, type TopWordsOptions } from './top-words-workload.ts'
export { runWorkflow, type Outcome, type RunResult } from './workflow.ts'
export type { InputFile, OutputTarget, Workload } from './workload.ts'
