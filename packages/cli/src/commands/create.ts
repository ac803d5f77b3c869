// `malachite pool|job|task create --json-file FILE`: the body of the service's request as it is.

import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { RestClient } from '@malachite/azure'
import type { ResourceCommandFlags } from '../program/program-resources.ts'
import type { CreateRow } from '../program/resource-table.ts'
import { printable } from '../terminal/screen.ts'
import { mistake } from '../settings/mistake.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { print } from '../text/lines.ts'

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
  const { id } = body as { id?: unknown }
  print(`${noun === 'pool' ? 'Pool' : 'Job'} ${String(id)} is created.`)
  return EXIT.ok
}

async function readBody(file: string): Promise<object> {
  let content: string
  try {
    content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8')
  } catch (cause) {
    throw mistake(`The file ${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, cause)
  }
  const place = file === '-' ? 'Standard input' : file
  let body: unknown
  try {
    body = JSON.parse(content)
  } catch (cause) {
    throw mistake(`${place} is not JSON: ${printable((cause as Error).message)}.`, cause)
  }
  if (typeof body !== 'object' || body === null) throw mistake(`${place} is no JSON object.`)
  return body
}

/** One task, an array, or the body of a collection. */
function tasksOf(body: object): readonly unknown[] {
  if (Array.isArray(body)) return body
  return 'value' in body && Array.isArray(body.value) ? body.value : [body]
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
  tasks: readonly unknown[],
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
