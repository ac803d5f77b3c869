// What a run computes, as a value: the program, how a node is prepared for it, and one task per input file.

import type { ResourceFile, TaskSpec } from '@malachite/model'

/** An input file after its upload. */
export interface InputFile {
  /** Absolute path on this machine. */
  path: string
  /** Name of the blob, and of the file in the task's working directory. */
  name: string
  /** Brings the file into the working directory of a task. */
  resourceFile: ResourceFile
}

/** Where the tasks put their results. */
export interface OutputTarget {
  /** Name of the storage account. */
  account: string
  /** URL of the blob service, without a trailing slash. */
  url: string
  container: string
  /** SAS of the container (query text without `?`) that allows writing. */
  sas: string
}

/** A program and how to run it over many inputs. Replace it to compute something else with the same nine steps. */
export interface Workload {
  /** For people. */
  readonly name: string
  /** Absolute paths of the files every node needs; the start task has them in its working directory. */
  readonly applicationFiles: readonly string[]
  /** Shell commands that prepare a node; they run in order in one shell, elevated, and the first failure ends it. */
  startCommands(): readonly string[]
  /** The task for one input; `index` counts from 0. Ids depend on nothing else and must differ regardless of case. */
  toTask(input: InputFile, index: number, output: OutputTarget): TaskSpec
  /**
   * Name of the blob that the task of an input writes as the last thing it does when it succeeds. With it a run that is
   * resumed finds out which results the blob service has lost, and which tasks need not run although their job is gone.
   */
  resultName?(input: string): string
}
