// Bodies between the shape of a request's api-version and that of the engine, which knows the members of all versions.
// What has to be done for a model in a version is worked out once; for most of them it is little or nothing.

import { BatchError } from '@malachite/model'
import { hasMember, moveMember, readPath, withoutMember, type MemberPath } from './member-path.ts'
import { isIn, lackingMembers, PARTS, RENAMED, REQUIRED, type ApiVersion, type Model } from './versions.ts'

/** What is in the body of an operation; operations without differences between versions are not listed. */
const REQUESTS: Readonly<Record<string, Model>> = {
  'pool.add': 'pool',
  'pool.patch': 'poolPatch',
  'pool.updateProperties': 'poolUpdate',
  'job.add': 'job',
  'job.patch': 'jobPatch',
  'job.update': 'job',
  'task.add': 'task',
  'task.addCollection': 'task',
  'jobSchedule.add': 'jobSchedule',
  'jobSchedule.patch': 'jobSchedule',
  'jobSchedule.update': 'jobSchedule',
  'computeNode.uploadBatchServiceLogs': 'logUpload',
}

/** What an answer is made of, by the fragment of its `odata.metadata`. */
const ANSWERS: Readonly<Record<string, Model>> = {
  pools: 'pool',
  jobs: 'job',
  tasks: 'task',
  nodes: 'node',
  jobschedules: 'jobSchedule',
  poolnodecounts: 'nodeCounts',
  'Microsoft.Azure.Batch.Protocol.Entities.RemoteLoginSettings': 'remoteLogin',
}

/** The body of a request as the engine takes it; throws for a member that the version does not have. */
type Reader = (body: unknown) => unknown

/**
 * The body of a request as the engine takes it. `UnsupportedProperty` for a member that the version does not have,
 * such as one of a later version.
 */
export function fromVersion(version: ApiVersion, operation: string, body: unknown): unknown {
  const model = REQUESTS[operation]
  if (model === undefined || !isObject(body)) return body
  const read = createReader(model, version)
  if (operation !== 'task.addCollection') return read(body)
  const { value } = body
  return Array.isArray(value) ? { ...body, value: value.map(read) } : body
}

function createReader(model: Model, version: ApiVersion): Reader {
  const { lacking, renamed, filled } = shapeOf(model, version)
  return (body) => {
    for (const path of [...lacking, ...renamed.map(({ here }) => here)])
      if (hasMember(body, path)) throw unsupported(path)
    const moved = renamed.reduce((left, { here, there }) => moveMember(left, there, here), body)
    return isObject(moved) ? { ...filled, ...moved } : moved
  }
}

function unsupported(path: MemberPath): BatchError {
  return new BatchError('UnsupportedProperty', {
    PropertyName: path.at(-1) ?? '',
    Reason: `${path.join('.').replaceAll('.[]', '[]')} is not a member of this resource in this api-version.`,
  })
}

/** What gives an item of an answer the members of a version; the fragment is that of `odata.metadata`. */
export function toVersion(version: ApiVersion, fragment: string): (body: object) => object {
  const model = modelOf(fragment)
  if (model === undefined) return (body) => body
  const { lacking, renamed } = shapeOf(model, version)
  return (body) => {
    let shaped = body
    for (const path of lacking) shaped = withoutMember(shaped, path)
    for (const { here, there } of renamed) shaped = moveMember(shaped, here, there)
    return shaped
  }
}

/** The name that a version has for a top-level member of the engine; `undefined` when it has no such member. */
export function nameInVersion(version: ApiVersion, fragment: string, name: string): string | undefined {
  const model = modelOf(fragment)
  if (model === undefined) return name
  const { lacking, renamed } = shapeOf(model, version)
  if (lacking.some((path) => path.length === 1 && path[0] === name)) return undefined
  const moved = renamed.find(({ here }) => here.length === 1 && here[0] === name)
  return moved ? moved.there[0] : name
}

function modelOf(fragment: string): Model | undefined {
  return ANSWERS[fragment.replace('/@Element', '')]
}

/** What a version does with a model: members it lacks, members it names otherwise, members it cannot send. */
interface Shape {
  lacking: readonly MemberPath[]
  renamed: readonly { here: MemberPath; there: MemberPath }[]
  filled: Readonly<Record<string, unknown>>
}

const shapes = new Map<string, Shape>()

function shapeOf(model: Model, version: ApiVersion): Shape {
  const key = `${model} ${version}`
  const known = shapes.get(key)
  if (known) return known
  const shape = createShape(model, version)
  shapes.set(key, shape)
  return shape
}

function createShape(model: Model, version: ApiVersion): Shape {
  const lacking = pathsOf(model, (part) => lackingMembers(part, version).map((path) => [path, path] as const))
  const renamed = pathsOf(model, (part) =>
    RENAMED.filter((row) => row.model === part && isIn(version, row)).map(
      ({ path, as }) => [path, as] as const,
    ),
  )
  const required = Object.entries(REQUIRED[model] ?? {})
  return {
    lacking: lacking.map(([path]) => readPath(path)),
    renamed: renamed.map(([here, there]) => ({ here: readPath(here), there: readPath(there) })),
    filled: Object.fromEntries(required.filter(([name]) => lacking.some(([path]) => path === name))),
  }
}

type Pair = readonly [string, string]

/** Paths of a model and of its parts, those of the parts below the part's own path. */
function pathsOf(model: Model, own: (model: Model) => readonly Pair[]): Pair[] {
  const parts = Object.entries(PARTS[model] ?? {}).flatMap(([path, part]) =>
    pathsOf(part, own).map(
      (pair) => pair.map((inner) => [path, inner].filter(Boolean).join('.')) as [string, string],
    ),
  )
  return [...own(model), ...parts]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
