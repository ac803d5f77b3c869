// Tasks: what each request means to the engine.

import type { Task, Wire } from '@malachite/model'
import type { AddedTask } from '../../engine/api.ts'
import type { BatchEngine, Call, Handler } from '../context.ts'
import { errorContent, toBatchError } from '../errors.ts'
import { withHint } from '../hints.ts'
import { entityReply, fullPage, listReply, readListQuery } from '../list.ts'
import { withStats } from '../stats.ts'
import { subtaskBody, taskBody, taskUrl } from '../wire.ts'

type OfJob = Handler<'jobId'>
type OfTask = Handler<'jobId' | 'taskId'>

/** POST /jobs/{jobId}/tasks */
export const addTask: OfJob = ({ engine }, call) => {
  const { jobId } = call.params
  const { id, ...stamp } = engine.tasks.add(jobId, call.body)
  return { stamp, location: taskUrl(call.base, jobId, id) }
}

/** POST /jobs/{jobId}/addtaskcollection */
export const addTaskCollection: OfJob = ({ engine }, call) => {
  const added = engine.tasks.addCollection(call.params.jobId, call.body)
  return listReply(call, 'taskaddresult', { items: added }, (task) => addedTaskBody(task, call))
}

function addedTaskBody(added: AddedTask, call: Call<'jobId'>): object {
  const url = taskUrl(call.base, call.params.jobId, added.taskId)
  if (added.status === 'success') {
    const { taskId, eTag, lastModified } = added
    return { status: 'Success', taskId, eTag, lastModified, location: url }
  }
  return {
    'error@odata.navigationLinkUrl': `${url}/error`,
    error: errorContent(withHint(toBatchError(added.error), { method: 'POST', ...call }), call),
    status: added.status === 'clienterror' ? 'ClientError' : 'ServerError',
    taskId: added.taskId,
  }
}

/** GET /jobs/{jobId}/tasks */
export const listTasks: OfJob = async ({ engine }, call) => {
  const { jobId } = call.params
  const page = await fullPage(readListQuery(call.query), (query) => engine.tasks.list(jobId, query))
  return listReply(call, 'tasks', page, (task) => bodyOf(engine, call, jobId, task))
}

/** GET /jobs/{jobId}/tasks/{taskId} */
export const getTask: OfTask = ({ engine }, call) => {
  const { jobId, taskId } = call.params
  const task = engine.tasks.get(jobId, taskId)
  return { ...entityReply(call, 'tasks/@Element', bodyOf(engine, call, jobId, task)), stamp: task }
}

function bodyOf(engine: BatchEngine, call: Call, jobId: string, task: Wire<Task>): object {
  const url = taskUrl(call.base, jobId, task.id)
  return withStats(call, taskBody(task, call.base, jobId), url, () =>
    engine.statistics.ofTask(jobId, task.id),
  )
}

/** PUT /jobs/{jobId}/tasks/{taskId} */
export const updateTask: OfTask = ({ engine }, { params, body }) => ({
  stamp: engine.tasks.update(params.jobId, params.taskId, body),
})

/** POST /jobs/{jobId}/tasks/{taskId}/terminate */
export const terminateTask: OfTask = ({ engine }, { params }) => ({
  stamp: engine.tasks.terminate(params.jobId, params.taskId),
})

/** POST /jobs/{jobId}/tasks/{taskId}/reactivate */
export const reactivateTask: OfTask = ({ engine }, { params }) => ({
  stamp: engine.tasks.reactivate(params.jobId, params.taskId),
})

/** DELETE /jobs/{jobId}/tasks/{taskId} */
export const deleteTask: OfTask = ({ engine }, { params }) => {
  engine.tasks.delete(params.jobId, params.taskId)
  return {}
}

/** GET /jobs/{jobId}/tasks/{taskId}/subtasksinfo: tasks of a single instance have none. */
export const listSubtasks: OfTask = ({ engine }, call) => {
  const { jobId, taskId } = call.params
  const page = engine.tasks.subtasks(jobId, taskId, readListQuery(call.query))
  return listReply(call, 'subtaskinfo', page, (subtask) => subtaskBody(subtask, call.base))
}
