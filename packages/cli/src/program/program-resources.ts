// The command line of the table of resources: `malachite job list`, `malachite task show myjob task7`.

import { type Command, CommanderError, Option } from 'commander'
import { BACKENDS, type ConnectionFlags } from './connection-flags.ts'
import { HELP } from './help.ts'
import { FORMATS, type Format } from '../text/formats.ts'
import {
  argumentsOf,
  RESOURCE_ROWS,
  type FlagRow,
  type ResourceFlags,
  type ResourceRow,
} from './resource-table.ts'
import { parseSomeNames, parseText, wholeNumber } from './values.ts'

/** Flags of all commands of resources, and those of their rows. */
export interface ResourceCommandFlags extends ConnectionFlags, ResourceFlags {
  output?: Format
  top?: number
  filter?: string
  select?: string[]
  yes?: true
  jsonFile?: string
  destination?: string
}

/** Performs a command of the table; `names` are its arguments by name. */
export type ResourceAct = (
  row: ResourceRow,
  names: Readonly<Record<string, string>>,
  flags: ResourceCommandFlags,
) => Promise<void>

const SUMMARIES: Record<string, string> = {
  pool: 'list, show, create, resize and delete pools',
  node: 'list, show and restart the nodes of a pool, and read their files',
  'node file': 'list, show and download the files of a node',
  'node scheduling': 'let a node take tasks, or no more',
  job: 'list, show, create, stop and delete jobs',
  task: 'list, show, create, stop and delete the tasks of a job',
  subtask: 'list the subtasks of a multi-instance task',
  file: 'list, show and download the files of a task',
}

/** What arguments are, and how `az batch` calls their flags, which can be given instead. */
const ARGUMENTS: Record<string, [description: string, flag: string]> = {
  pool: ['the pool', '--pool-id'],
  node: ['the node', '--node-id'],
  job: ['the job', '--job-id'],
  task: ['the task', '--task-id'],
  file: ['the path of the file, such as stdout.txt or wd/result.txt', '--file-path'],
}

/** Adds the commands of the table. */
export function addResources(program: Command, act: ResourceAct): void {
  for (const row of RESOURCE_ROWS) {
    const command = findNoun(program, row.noun).command(row.verb).description(row.description)
    const names = argumentsOf(row)
    for (const name of names) addArgument(command, name)
    command.usage(['[options]', ...names.map((name) => `<${name}>`)].join(' '))
    for (const flag of row.flags ?? []) command.addOption(toOption(flag))
    addFlags(command, row)
    command.action(async () => {
      const flags = command.opts<ResourceCommandFlags>()
      await act(row, readNames(names, command.args, flags), flags)
    })
  }
}

function findNoun(program: Command, noun: string): Command {
  let command = program
  let path = ''
  for (const name of noun.split(' ')) {
    path = path === '' ? name : `${path} ${name}`
    command = command.commands.find((known) => known.name() === name) ?? addNoun(command, name, path)
  }
  return command
}

function addNoun(parent: Command, name: string, path: string): Command {
  const summary = SUMMARIES[path] ?? ''
  return parent
    .command(name)
    .summary(summary)
    .description(`Commands to ${summary}.`)
    .helpCommand(false)
    .addHelpText('after', HELP.resources)
}

/** Not required for commander, because the flag can stand in for it. */
function addArgument(command: Command, name: string): void {
  const [description, flag] = ARGUMENTS[name] ?? [name, `--${name}`]
  command.argument(`[${name}]`, `${description} (or ${flag})`)
  command.addOption(new Option(`${flag} <value>`, description).argParser(parseText).hideHelp())
}

/** The arguments by name: from their flags, and the others in their order. */
function readNames(
  names: readonly string[],
  given: readonly string[],
  flags: ResourceFlags,
): Record<string, string> {
  const rest = [...given]
  const entries = names.map((name) => {
    const value = flags[flagOf(name)] ?? rest.shift()
    if (typeof value === 'string' && value !== '') return [name, value] as const
    throw new CommanderError(2, 'commander.missingArgument', `error: missing required argument '${name}'`)
  })
  if (rest.length === 0) return Object.fromEntries(entries)
  throw new CommanderError(2, 'commander.excessArguments', `error: too many arguments: ${rest.join(' ')}`)
}

function flagOf(name: string): string {
  return name === 'file' ? 'filePath' : `${name}Id`
}

function toOption({ flags, description, choices, least }: FlagRow): Option {
  const option = new Option(flags, description)
  if (choices) return option.choices(choices)
  if (option.isBoolean()) return option
  return least === undefined ? option.argParser(parseText) : option.argParser(wholeNumber(least))
}

function addFlags(command: Command, row: ResourceRow): void {
  const { kind } = row
  if (kind === 'list') addListFlags(command, row.lacks ?? [])
  if (kind === 'list' || kind === 'show' || kind === 'file') {
    const usual = kind === 'list' ? 'table' : 'json'
    command.addOption(new Option('-o, --output <format>', 'how to print it').choices(FORMATS).default(usual))
  }
  if (kind === 'act' && row.asks !== undefined) command.option('-y, --yes', 'do not ask')
  addConnectionFlags(command)
}

function addListFlags(command: Command, lacks: readonly string[]): void {
  command.option('--top <n>', 'print so many and ask for no more (default: all)', wholeNumber(1))
  if (!lacks.includes('filter'))
    command.option('--filter <odata>', 'which, such as "state eq \'completed\'"', parseText)
  if (!lacks.includes('select'))
    command.option('--select <names>', 'which properties: id,state', parseSomeNames)
}

/** Adds the flags that say which account. */
export function addConnectionFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--backend <backend>', 'where: on an emulator, or in Azure')
        .choices(BACKENDS)
        .default('emulator'),
    )
    .addOption(
      new Option(
        '--endpointsFile <file>',
        "the emulator's endpoints file (default: AZURE_BATCH_*, or the usual port)",
      )
        .env('MALACHITE_ENDPOINTS_FILE')
        .argParser(parseText),
    )
}
