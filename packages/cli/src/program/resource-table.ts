// THE TABLE of the commands that show and change resources: the command line, its help, its completion and its
// documentation are made of it. Names are those of `az batch`.

import { COLUMNS, type Column } from '../text/resource-columns.ts'

/** A flag as commander takes it. */
export interface FlagRow {
  flags: string
  description: string
  choices?: readonly string[]
  /** Whole numbers of at least this. */
  least?: number
}

/** Flags as typed, by their names in camel case. */
export type ResourceFlags = Readonly<Record<string, unknown>>

interface Row {
  noun: string
  verb: string
  /** With the names of the arguments in braces. */
  path: string
  description: string
  flags?: readonly FlagRow[]
  /** Of the request, from the flags. */
  query?: (flags: ResourceFlags) => Record<string, boolean | undefined>
}

/** Prints a list. */
export interface ListRow extends Row {
  kind: 'list'
  columns: readonly Column[]
  /** The service takes no `$select` for some lists, and no `$filter` for others. */
  lacks?: readonly ('select' | 'filter')[]
}

/** Prints one resource; `file` is one whose properties come as headers. */
export interface ShowRow extends Row {
  kind: 'show' | 'file'
  columns: readonly Column[]
}

/** Creates what a file of JSON describes. */
export interface CreateRow extends Row {
  kind: 'create'
}

/** Saves a file. */
export interface DownloadRow extends Row {
  kind: 'download'
}

/** Changes or deletes something and says so. */
export interface ActRow extends Row {
  kind: 'act'
  method: 'POST' | 'DELETE'
  /** With the names of the arguments in braces. */
  said: string
  /** Asks first. */
  asks?: string
  /** The last argument is part of the body, not of the path. */
  isLastInBody?: true
  /** Another operation of the resource, when a flag demands it: the last part of the path. */
  operation?: (flags: ResourceFlags) => string
  body?: (
    flags: ResourceFlags,
    names: Readonly<Record<string, string>>,
  ) => Record<string, unknown> | undefined
}

/** A command of the table. */
export type ResourceRow = ListRow | ShowRow | CreateRow | DownloadRow | ActRow

const POOL = 'pools/{pool}'
const NODE = `${POOL}/nodes/{node}`
const JOB = 'jobs/{job}'
const TASK = `${JOB}/tasks/{task}`

const RECURSIVE: FlagRow = { flags: '--recursive', description: 'the files of all directories below, too' }
const JSON_FILE: FlagRow = {
  flags: '--json-file <file>',
  description: "the body of the service's request; - = standard input",
}
const isRecursive = ({ recursive }: ResourceFlags): Record<string, boolean | undefined> => ({
  recursive: recursive === true,
})

const THE_NODE = 'Node {node} of pool {pool}'
const THE_TASK = 'Task {task} of job {job}'

export const RESOURCE_ROWS: readonly ResourceRow[] = [
  list('pool', 'pools', 'Lists the pools.', COLUMNS.pool),
  show('pool', POOL, 'Prints a pool.', COLUMNS.pool),
  create('pool', 'pools', 'Creates a pool.'),
  {
    ...act('pool', 'resize', `${POOL}/resize`, 'Changes the number of nodes of a pool.'),
    said: 'Pool {pool} is being resized.',
    flags: [
      { flags: '--target-dedicated-nodes <n>', description: 'how many dedicated nodes', least: 0 },
      { flags: '--target-low-priority-nodes <n>', description: 'how many spot nodes', least: 0 },
      { flags: '--resize-timeout <duration>', description: 'time for it, ISO 8601 (default: PT15M)' },
      {
        flags: '--node-deallocation-option <option>',
        description: 'what becomes of the tasks on nodes that go',
        choices: ['requeue', 'terminate', 'taskcompletion', 'retaineddata'],
      },
      { flags: '--abort', description: 'end a resize that is going on, instead' },
    ],
    operation: ({ abort }) => (abort ? 'stopresize' : 'resize'),
    body: ({ targetDedicatedNodes, targetLowPriorityNodes, resizeTimeout, nodeDeallocationOption, abort }) =>
      abort
        ? undefined
        : { targetDedicatedNodes, targetLowPriorityNodes, resizeTimeout, nodeDeallocationOption },
  },
  remove('pool', POOL, 'Deletes a pool with its nodes.', 'pool {pool}'),
  list('node', `${POOL}/nodes`, 'Lists the nodes of a pool.', COLUMNS.node),
  show('node', NODE, 'Prints a node.', COLUMNS.node),
  {
    ...act('node', 'reboot', `${NODE}/reboot`, 'Restarts a node.'),
    said: `${THE_NODE} is being restarted.`,
    flags: [nodeOption('--node-reboot-option <option>')],
    body: ({ nodeRebootOption }) => ({ nodeRebootOption }),
  },
  {
    ...act('node', 'reimage', `${NODE}/reimage`, 'Gives a node its operating system anew.'),
    said: `${THE_NODE} is being reimaged.`,
    flags: [nodeOption('--node-reimage-option <option>')],
    body: ({ nodeReimageOption }) => ({ nodeReimageOption }),
  },
  {
    ...act(
      'node',
      'delete',
      `${POOL}/removenodes/{node}`,
      'Takes a node out of its pool, which gets smaller.',
    ),
    said: `${THE_NODE} is being removed.`,
    asks: 'node {node} of pool {pool}',
    flags: [nodeOption('--node-deallocation-option <option>')],
    isLastInBody: true,
    body: ({ nodeDeallocationOption }, { node: id }) => ({ nodeList: [id], nodeDeallocationOption }),
  },
  {
    ...act('node scheduling', 'enable', `${NODE}/enablescheduling`, 'Lets a node take tasks again.'),
    said: `${THE_NODE} takes tasks.`,
  },
  {
    ...act('node scheduling', 'disable', `${NODE}/disablescheduling`, 'Lets a node take no more tasks.'),
    said: `${THE_NODE} takes no more tasks.`,
    flags: [
      {
        flags: '--disable-scheduling-option <option>',
        description: 'what becomes of its tasks',
        choices: ['requeue', 'terminate', 'taskcompletion'],
      },
    ],
    body: ({ disableSchedulingOption: option }) => ({ nodeDisableSchedulingOption: option }),
  },
  ...files('node file', NODE, 'node'),
  list('job', 'jobs', 'Lists the jobs.', COLUMNS.job),
  show('job', JOB, 'Prints a job.', COLUMNS.job),
  create('job', 'jobs', 'Creates a job.'),
  {
    ...act('job', 'stop', `${JOB}/terminate`, 'Ends a job with all of its tasks.'),
    said: 'Job {job} is being terminated.',
    flags: [{ flags: '--terminate-reason <text>', description: 'why; the job shows it' }],
    body: ({ terminateReason }) => ({ terminateReason }),
  },
  {
    ...act('job', 'disable', `${JOB}/disable`, 'Lets a job start no more tasks.'),
    said: 'Job {job} is being disabled.',
    flags: [
      {
        flags: '--disable-tasks <option>',
        description: 'what becomes of tasks that run (default: requeue)',
        choices: ['requeue', 'terminate', 'wait'],
      },
    ],
    body: ({ disableTasks = 'requeue' }) => ({ disableTasks }),
  },
  {
    ...act('job', 'enable', `${JOB}/enable`, 'Lets a disabled job start tasks again.'),
    said: 'Job {job} is enabled.',
  },
  remove('job', JOB, 'Deletes a job with all of its tasks.', 'job {job}'),
  list('task', `${JOB}/tasks`, 'Lists the tasks of a job.', COLUMNS.task),
  show('task', TASK, 'Prints a task.', COLUMNS.task),
  create('task', `${JOB}/tasks`, 'Adds one task, or an array of tasks, to a job.'),
  { ...act('task', 'stop', `${TASK}/terminate`, 'Ends a task.'), said: `${THE_TASK} is terminated.` },
  {
    ...act('task', 'reactivate', `${TASK}/reactivate`, 'Lets a task that failed run once more.'),
    said: `${THE_TASK} is active again.`,
  },
  remove('task', TASK, 'Deletes a task.', 'task {task} of job {job}'),
  {
    ...list(
      'subtask',
      `${TASK}/subtasksinfo`,
      'Lists the subtasks of a multi-instance task.',
      COLUMNS.subtask,
    ),
    lacks: ['filter'],
  },
  ...files('file', TASK, 'task'),
]

function list(noun: string, path: string, description: string, columns: readonly Column[]): ListRow {
  return { kind: 'list', noun, verb: 'list', path, description, columns }
}

function show(noun: string, path: string, description: string, columns: readonly Column[]): ShowRow {
  return { kind: 'show', noun, verb: 'show', path, description, columns }
}

function create(noun: string, path: string, description: string): CreateRow {
  return { kind: 'create', noun, verb: 'create', path, description, flags: [JSON_FILE] }
}

function act(noun: string, verb: string, path: string, description: string) {
  return { kind: 'act', method: 'POST', noun, verb, path, description } as const
}

function remove(noun: string, path: string, description: string, what: string): ActRow {
  const said = `${what.charAt(0).toUpperCase()}${what.slice(1)} is being deleted.`
  return { ...act(noun, 'delete', path, description), method: 'DELETE', asks: what, said }
}

function files(noun: string, path: string, owner: string): ResourceRow[] {
  const all = list(noun, `${path}/files`, `Lists the files of a ${owner}.`, COLUMNS.file)
  const one = `${path}/files/{file}`
  return [
    { ...all, flags: [RECURSIVE], lacks: ['select'], query: isRecursive },
    { ...show(noun, one, `Prints the properties of a file of a ${owner}.`, COLUMNS.file), kind: 'file' },
    {
      kind: 'download',
      noun,
      verb: 'download',
      path: one,
      description: `Saves a file of a ${owner}.`,
      flags: [
        {
          flags: '--destination <path>',
          description: 'where; - = standard output (default: its name, in this directory)',
        },
      ],
    },
  ]
}

function nodeOption(flags: string): FlagRow {
  return {
    flags,
    description: 'what becomes of its tasks',
    choices: ['requeue', 'terminate', 'taskcompletion', 'retaineddata'],
  }
}

/** The names of a command's arguments, in their order: `pool`, `node`. */
export function argumentsOf({ path }: ResourceRow): string[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => name)
}

/** The text with the arguments in place of their names in braces. */
export function fill(text: string, names: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_all, name: string) => names[name] ?? '')
}
