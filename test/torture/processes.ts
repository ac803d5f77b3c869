// What runs on this machine, out of /proc.

import { readdirSync, readFileSync } from 'node:fs'

/** A process. */
export interface Process {
  pid: number
  parent: number
  group: number
  /** Ticks since the machine started: with the pid, the name of a process that no other ever has. */
  startedAt: number
}

/** A process that a task started. */
export interface TaskProcess extends Process {
  jobId: string
  taskId: string
}

/** All that run; not those which have ended and are not buried yet. */
export function allProcesses(): Process[] {
  const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return names.flatMap((name) => processOf(Number(name)) ?? [])
}

/** The process, if it runs. */
export function processOf(pid: number): Process | undefined {
  const [state, parent, group, ...rest] = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ')
  if (state === undefined || ['', 'Z', 'X'].includes(state)) return undefined
  return { pid, parent: Number(parent), group: Number(group), startedAt: Number(rest[16]) }
}

/** Those that tasks on the nodes in a directory have started. */
export function taskProcesses(nodes: string): TaskProcess[] {
  return allProcesses().flatMap((process) => {
    const text = `\0${read(`/proc/${process.pid}/environ`)}`
    if (!text.includes(`\0AZ_BATCH_NODE_ROOT_DIR=${nodes}/`)) return []
    const variable = (name: string): string => new RegExp(`\0${name}=([^\0]*)`).exec(text)?.[1] ?? ''
    return { ...process, jobId: variable('AZ_BATCH_JOB_ID'), taskId: variable('AZ_BATCH_TASK_ID') }
  })
}

/** Whether it still runs, and its pid is not another one's by now. */
export function isAlive({ pid, startedAt }: Process): boolean {
  return processOf(pid)?.startedAt === startedAt
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Gone meanwhile, or another user's.
    return ''
  }
}
