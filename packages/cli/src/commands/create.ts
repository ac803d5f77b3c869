// `malachite pool|job|task create --json-file FILE`: the body of the service's request as it is.

import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { JsonObject, RestClient } from '@malachite/azure'
import { BatchError } from '@malachite/model'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import type { ResourceCommandFlags } from '../program/program-resources.ts'
import type { CreateRow } from '../program/resource-table.ts'

/** Creates what the file describes and says so, each thing in one line. */
export async function create(
  client: RestClient,
  { noun }: CreateRow,
  path: readonly string[],
  names: Readonly<Record<string, string>>,
  { jsonFile }: ResourceCommandFlags,
): Promise<ExitCode> {
  if (jsonFile === undefined)
    throw mistake('Give --json-file FILE with the body of the request, or - to read it.')
  const body = await readBody(jsonFile)
  if (noun === 'task') return addTasks(client, path, names['job'] ?? '', tasksOf(body))
  await client.send('POST', path, body)
  const { id } = body as JsonObject
  print(`${noun === 'pool' ? 'Pool' : 'Job'} ${String(id)} is created.`)
  return EXIT.ok
}

async function readBody(file: string): Promise<unknown> {
  let content: string
  try {
    content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8')
  } catch (cause) {
    throw mistake(`The file ${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, cause)
  }
  try {
    return JSON.parse(content)
  } catch (cause) {
    throw mistake(
      `${file === '-' ? 'Standard input' : file} is not JSON: ${(cause as Error).message}.`,
      cause,
    )
  }
}

/** One task, an array, or the body of a collection. */
function tasksOf(body: unknown): JsonObject[] {
  if (Array.isArray(body)) return body as JsonObject[]
  const { value } = body as { value?: unknown }
  return Array.isArray(value) ? (value as JsonObject[]) : [body as JsonObject]
}

/** The service takes no more in one request. */
const LARGEST_COLLECTION = 100

interface AddResult {
  status: string
  taskId: string
  error?: { code: string; message?: { value?: string } }
}

/** Collections of tasks; those that are refused are told one by one. */
async function addTasks(
  client: RestClient,
  path: readonly string[],
  job: string,
  tasks: readonly JsonObject[],
): Promise<ExitCode> {
  let added = 0
  let refused = 0
  for (let i = 0; i < tasks.length; i += LARGEST_COLLECTION) {
    const value = tasks.slice(i, i + LARGEST_COLLECTION)
    const answer = await client.send('POST', [...path.slice(0, -1), 'addtaskcollection'], { value })
    for (const { status, taskId, error } of (answer?.['value'] ?? []) as AddResult[]) {
      if (status.toLowerCase() === 'success') added++
      else refused++
      if (error) process.stderr.write(`malachite: Task ${taskId}: ${sentence(error)} (${error.code})\n`)
    }
  }
  print(`${added} ${added === 1 ? 'task is' : 'tasks are'} added to job ${job}.`)
  return refused === 0 ? EXIT.ok : EXIT.failed
}

/** Without the lines that name the request. */
function sentence({ code, message }: NonNullable<AddResult['error']>): string {
  return message?.value?.split('\n')[0] ?? code
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function mistake(message: string, cause?: unknown): BatchError {
  return new BatchError('ConfigurationError', {}, { message, cause })
}
