// The ids of a workload's tasks, known before anything is uploaded or signed.

import { basename } from 'node:path'
import { configurationError } from './configuration-error.ts'
import type { ResolvedSettings } from './settings.ts'

const NOWHERE = { account: '', url: '', container: '', sas: '' }

/** The task ids, in the order of the inputs. `ConfigurationError` when two are the same but for their case. */
export function taskIdsOf({ workload, inputFiles }: ResolvedSettings): string[] {
  const seen = new Set<string>()
  return inputFiles.map((path, index) => {
    const name = basename(path)
    const input = { path, name, resourceFile: { filePath: name, httpUrl: '' } }
    const { id } = workload.toTask(input, index, NOWHERE)
    if (seen.has(id.toLowerCase())) throw configurationError([`The workload makes two tasks called ${id}.`])
    seen.add(id.toLowerCase())
    return id
  })
}
