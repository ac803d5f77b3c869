// What a run would do, found out without doing any of it: nothing is written, nobody is asked.

import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { wrapCommandsInShell } from '@malachite/model'
import { formatHalt } from './halt.ts'
import { checkPaths } from './preflight.ts'
import { previewTask, type BlobPlace } from './preview.ts'
import type { ImageChoice } from './select-image.ts'
import type { DeleteChoice, ResolvedSettings } from './settings.ts'
import { taskIdsOf } from './task-ids.ts'

/** A file that would be uploaded. */
export interface PlannedUpload {
  path: string
  container: string
  blob: string
  bytes: number
}

/** What a run would do, in its order. Command lines have no secrets in them. */
export interface WorkflowPlan {
  workload: string
  /** Created where they do not exist. */
  containers: string[]
  uploads: PlannedUpload[]
  pool: {
    id: string
    vmSize: string
    /** The newest verified image of the service that fits is taken. */
    image: ImageChoice
    nodeCount: number
    taskSlotsPerNode: number
    startTask: { commandLine: string; elevated: true; waitForSuccess: true; resourceFiles: string[] }
  }
  job: { id: string; poolId: string }
  tasks: { id: string; commandLine: string; resourceFiles: string[] }[]
  timeoutMs: number
  /** As it is typed. */
  halt?: string
  download: { container: string; directory: string }
  /** What is deleted at the end. */
  delete: { containers: string[]; job: DeleteChoice; pool: DeleteChoice }
}

/** The plan of a run over the blob service at `place`. `ConfigurationError` as of the run itself. */
export async function planWorkflow(settings: ResolvedSettings, place: BlobPlace): Promise<WorkflowPlan> {
  taskIdsOf(settings)
  await checkPaths(settings)
  const { workload, containers, poolId, jobId, vmSize, image, nodeCount, taskSlotsPerNode } = settings
  const { timeoutMs, halt, outputDirectory, deleteJob, deletePool } = settings
  const names = Object.values(containers)
  return {
    workload: workload.name,
    containers: names,
    uploads: [
      ...(await uploadsOf(workload.applicationFiles, containers.application)),
      ...(await uploadsOf(settings.inputFiles, containers.input)),
    ],
    pool: {
      id: poolId,
      vmSize,
      image,
      nodeCount,
      taskSlotsPerNode,
      startTask: {
        commandLine: wrapCommandsInShell('linux', workload.startCommands()),
        elevated: true,
        waitForSuccess: true,
        resourceFiles: workload.applicationFiles.map((path) => basename(path)),
      },
    },
    job: { id: jobId, poolId },
    tasks: settings.inputFiles.map((path, index) => plannedTask(settings, path, index, place)),
    timeoutMs,
    ...(halt && { halt: formatHalt(halt) }),
    download: { container: containers.output, directory: outputDirectory },
    delete: { containers: names, job: deleteJob, pool: deletePool },
  }
}

function plannedTask(settings: ResolvedSettings, path: string, index: number, place: BlobPlace) {
  const { id, commandLine, resourceFiles = [] } = previewTask(settings, path, index, place)
  return { id, commandLine, resourceFiles: resourceFiles.flatMap(({ filePath }) => filePath ?? []) }
}

async function uploadsOf(paths: readonly string[], container: string): Promise<PlannedUpload[]> {
  const uploads: PlannedUpload[] = []
  for (const path of paths) {
    uploads.push({ path, container, blob: basename(path), bytes: (await stat(path)).size })
  }
  return uploads
}
