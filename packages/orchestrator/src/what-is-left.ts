// What a resumed run still has to do about an input: decided from what the services show, so that it is right whatever was
// lost on the way, be it the run's last words or the blobs that Azurite had not saved yet.

/** An input of a run that is resumed. */
export interface InputFacts {
  taskId: string
  /** Name of the blob that a task which succeeds writes last; absent when the workload does not tell. */
  resultName?: string
  /** Its blob is there with the content of the file. */
  isUploaded: boolean
  /** The file is not any more what it was when the run began. */
  hasChanged: boolean
}

/** What the services show of a run. */
export interface Shown {
  /** The job's tasks by their ids in lower case. */
  tasks: ReadonlyMap<string, TaskState>
  /** Names of the blobs that the run's tasks have written. */
  results: ReadonlySet<string>
}

/** As far as resuming cares; `starved`: it failed because its input was not there when it was to begin. */
export type TaskState = 'open' | 'succeeded' | 'failed' | 'starved'

/** `repeat`: its result is lost, or its input was; `done`: its result is there, the job does not know it (any more). */
export type TaskLeft = 'add' | 'repeat' | 'kept' | 'done'

/** What is to be done about an input. */
export interface InputLeft {
  upload: boolean
  task: TaskLeft
  /** The task may have read, or may yet read, something else than what the file holds now. */
  isStale: boolean
}

/** What a resumed run need not do again, and what it must. */
export interface Left {
  /** Paths of the files that need no upload. */
  uploaded: ReadonlySet<string>
  /** In the order of the inputs. */
  inputs: readonly InputLeft[]
}

/** Decides for one input. A task that is over needs its input no more. */
export function whatIsLeft(input: InputFacts, { tasks, results }: Shown): InputLeft {
  const state = tasks.get(input.taskId.toLowerCase())
  const hasResult = input.resultName !== undefined && results.has(input.resultName)
  const task = taskLeft(state, hasResult, input.resultName !== undefined)
  const isOver = task === 'done' || (task === 'kept' && state !== 'open')
  return {
    upload: !input.isUploaded && !isOver,
    task,
    isStale: input.hasChanged && (task === 'done' || (state !== undefined && state !== 'starved')),
  }
}

function taskLeft(state: TaskState | undefined, hasResult: boolean, isNamed: boolean): TaskLeft {
  if (state === undefined) return hasResult ? 'done' : 'add'
  if (state === 'starved') return 'repeat'
  return state === 'succeeded' && isNamed && !hasResult ? 'repeat' : 'kept'
}
