// The tasks of a job that started last. The service lists tasks by id only, so the time from which there are few enough
// is searched for.

import { at, get, type Page, type TaskView } from './api.ts'

export type StartedTask = Pick<TaskView, 'id' | 'state' | 'executionInfo' | 'nodeInfo'>

const MOST = 1000
/** Steps of the search: the last is a millionth of the job's life. */
const STEPS = 16

/** At most 1,000 tasks that started since the job did; of more the latest ones. */
export async function listLatestTasks(
  job: string,
  since: string,
  signal?: AbortSignal,
): Promise<{ tasks: StartedTask[]; isCut: boolean }> {
  const readFrom = (time: number): Promise<Page<StartedTask>> => {
    const filter = `executionInfo/startTime ge DateTime'${new Date(time).toISOString()}'`
    const options = { filter, select: 'id,state,executionInfo,nodeInfo', maxResults: MOST }
    return get<Page<StartedTask>>(`${at.job(job)}/tasks`, options, signal)
  }
  let tooEarly = Date.parse(since)
  const all = await readFrom(tooEarly)
  if (all['odata.nextLink'] === undefined) return { tasks: all.value, isCut: false }
  let best: StartedTask[] = []
  let late = Date.now()
  for (let step = 0; step < STEPS && best.length < MOST / 2; step++) {
    const middle = (tooEarly + late) / 2
    const page = await readFrom(middle)
    if (page['odata.nextLink'] === undefined) {
      late = middle
      best = page.value
    } else {
      tooEarly = middle
    }
  }
  return { tasks: best, isCut: true }
}
