// The tasks of a run as they can be shown: with a stand-in for each signature, so that no secret is in them from the start.

import { basename } from 'node:path'
import type { TaskSpec } from '@malachite/model'
import type { ResolvedSettings } from './settings.ts'

/** Stands for a SAS where commands are shown. */
export const HIDDEN_SAS = '***'

/** Account and address of a blob service. */
export interface BlobPlace {
  account: string
  url: string
}

/** The task for one input, without secrets. */
export function previewTask(
  { workload, containers }: ResolvedSettings,
  path: string,
  index: number,
  place: BlobPlace,
): TaskSpec {
  const name = basename(path)
  const httpUrl = `${place.url}/${containers.input}/${encodeURIComponent(name)}?${HIDDEN_SAS}`
  const input = { path, name, resourceFile: { filePath: name, httpUrl } }
  return workload.toTask(input, index, {
    account: place.account,
    url: place.url,
    container: containers.output,
    sas: HIDDEN_SAS,
  })
}
