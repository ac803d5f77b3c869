// The command line of the task script. Values are never repeated in a message, because one of them may be a SAS.

import { Failure, USAGE } from './failure.ts'

/** What the task script is asked to do. */
export interface TaskArguments {
  /** Path of the text. */
  readonly filePath: string
  /** How many words to report, at least 1. */
  readonly numWords: number
  readonly storageContainer: string
  /** Container SAS with write permission, without a leading question mark. */
  readonly sasToken: string
  /** URL of the blob service, without a slash at the end. */
  readonly storageUrl: string
}

const REQUIRED = ['filepath', 'numwords', 'storageaccount', 'storagecontainer', 'sastoken'] as const
const NAMES: readonly string[] = [...REQUIRED, 'storageurl']

/**
 * Parses `--name value` and `--name=value`. Throws a `Failure` with exit code 2 whose one line lists everything that is
 * wrong. Without `--storageurl` the blob service is that of the account in Azure.
 */
export function parseArguments(argv: readonly string[]): TaskArguments {
  const { values, problems } = readValues(argv)
  const value = (name: string): string => values.get(name) ?? ''
  for (const name of REQUIRED) if (value(name) === '') problems.push(`--${name} is missing`)
  for (const [name, text] of values) {
    const problem = text === '' ? undefined : CHECKS[name]?.(text, values)
    if (problem !== undefined) problems.push(`--${name} ${problem}`)
  }
  if (problems.length > 0) throw new Failure(problems.join('; '), USAGE)
  return {
    filePath: value('filepath'),
    numWords: Number(value('numwords')),
    storageContainer: value('storagecontainer'),
    sasToken: value('sastoken').replace(/^\?/, ''),
    storageUrl: (values.get('storageurl') ?? azureUrl(value('storageaccount'))).replace(/\/+$/, ''),
  }
}

function azureUrl(account: string): string {
  return `https://${account}.blob.core.windows.net`
}

function readValues(argv: readonly string[]) {
  const values = new Map<string, string>()
  const problems: string[] = []
  for (let index = 0; index < argv.length; index++) {
    const { name, text } = splitArgument(argv[index] ?? '')
    const known = name !== undefined && NAMES.includes(name)
    if (!known)
      problems.push(name === undefined ? `argument ${index + 1} is unexpected` : `--${name} is unknown`)
    // The value of an unknown option is passed over: it would only be reported a second time.
    const separate = text === undefined && name !== undefined && isValue(argv[index + 1])
    const found = separate ? argv[++index] : text
    if (!known) continue
    if (values.has(name)) problems.push(`--${name} is given twice`)
    values.set(name, found ?? '')
  }
  return { values, problems }
}

/** Splits `--name=text`; only what looks like the name of an option counts as one, all else could be a secret. */
function splitArgument(argument: string): { name?: string; text?: string } {
  const [, name, text] = /^--([a-z][a-z-]{0,30})(?:=([^]*))?$/i.exec(argument) ?? []
  return { ...(name !== undefined && { name }), ...(text !== undefined && { text }) }
}

function isValue(argument: string | undefined): boolean {
  return argument !== undefined && !argument.startsWith('--')
}

type Check = (text: string, values: ReadonlyMap<string, string>) => string | undefined

const CHECKS: Record<string, Check | undefined> = {
  numwords: (text) =>
    /^\d+$/.test(text) && Number(text) >= 1 && Number.isSafeInteger(Number(text))
      ? undefined
      : 'must be a whole number of at least 1',
  // Behind another URL the account may have any name; in Azure it becomes part of the host name.
  storageaccount: (text, values) =>
    values.has('storageurl') || /^[a-z0-9]{3,24}$/.test(text)
      ? undefined
      : 'must have 3 to 24 lower case letters and digits',
  storagecontainer: (text) =>
    /^(\$root|[a-z0-9](-?[a-z0-9]){2,62})$/.test(text)
      ? undefined
      : 'must have 3 to 63 lower case letters, digits and single hyphens',
  storageurl: (text) => (isServiceUrl(text) ? undefined : 'must be an http or https URL without a query'),
}

function isServiceUrl(text: string): boolean {
  try {
    const { protocol, search, hash, username } = new URL(text)
    return ['http:', 'https:'].includes(protocol) && `${search}${hash}${username}` === ''
  } catch {
    // Not a URL at all. (`URL.canParse` is missing in the first releases of Node 18.)
    return false
  }
}
