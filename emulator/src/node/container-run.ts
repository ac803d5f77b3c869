// A command in a container as the command line of its engine. Pure: what the engine and the machine are comes in.

import { join } from 'node:path'
import type { EnvironmentSetting } from '@malachite/model'
import type { ContainerMount, ContainerRun } from '../engine/core/effects.ts'
import { splitCommandLine } from './command-line.ts'
import type { ContainerEngine } from './container-engine.ts'
import type { Environment } from './environment.ts'
import { failure } from './failures.ts'
import type { CommandPlace } from './layout.ts'

/** What a container is made from. */
export interface ContainerCommand {
  container: ContainerRun
  /** The command line; none = what the image says. */
  words: readonly string[]
  place: CommandPlace
  /** The root of the task, and that of the job's preparation task. */
  taskRoot: string
  preparationRoot?: string | undefined
  /** All variables of the command, and those of them that its user has set. */
  environment: Environment
  settings: readonly Pick<EnvironmentSetting, 'name'>[]
  /** It asked for elevation. */
  isAdmin: boolean
}

/** What it is made on. */
export interface ContainerHost {
  engine: Pick<ContainerEngine, 'program' | 'isRootless'>
  /** The user of the emulator; absent where users have no numbers. */
  user?: { uid: number; gid: number } | undefined
  labels: Readonly<Record<string, string>>
  /** Where the engine writes the container's id. */
  idFile: string
}

/** The engine's command line, and variables for it besides those of the emulator. */
export interface EngineCommand {
  argv: string[]
  env: Environment
}

/**
 * The command of the engine that runs a container to its end.
 * @throws CommandFailure `ContainerInvalidSettings` when the options cannot be read, or would leave the container behind
 */
export function engineCommand(command: ContainerCommand, host: ContainerHost): EngineCommand {
  const { container, words } = command
  const { program } = host.engine
  const options = optionsOf(container.runOptions)
  const user = userOf(command, host)
  const variables = variablesOf(command, user)
  const argv = [program, '--log-level', 'error', 'run', '--rm', '--pull', 'never', '--cidfile', host.idFile]
  for (const [name, value] of Object.entries(host.labels)) argv.push('--label', `${name}=${value}`)
  // Addresses of this machine, the emulator's own among them, mean the same as without a container.
  if (!options.some((option) => /^--net(work)?(=|$)/.test(option))) argv.push('--network', 'host')
  // The node's files are shared as they are, without new labels where SELinux is on.
  argv.push('--security-opt', 'label=disable')
  if (user !== undefined) argv.push('--user', user)
  for (const { path, isReadOnly } of mountsOf(command)) argv.push('--mount', mount(path, isReadOnly))
  if (startsInTask(command)) argv.push('--workdir', command.place.workingDirectory)
  for (const variable of variables.options) argv.push('--env', variable)
  return { argv: [...argv, ...options, container.imageName, ...words], env: variables.env }
}

/** The words of the options, all of which come before the image: of single ones the last counts. */
function optionsOf(text = ''): string[] {
  const options = read(text)
  // Nobody would wait for the end of a container in the background.
  if (!options.some((option) => /^(-[it]*d[it]*|--detach(=.*)?)$/.test(option))) return options
  throw failure('ContainerInvalidSettings', {
    ContainerRunOptions: text,
    Message: 'A task waits for the end of its container: --detach is not possible',
  })
}

function read(text: string): string[] {
  try {
    return splitCommandLine(text)
  } catch (cause) {
    const { message } = cause as SyntaxError
    throw failure('ContainerInvalidSettings', { ContainerRunOptions: text, Message: message }, cause)
  }
}

const ROOT = '0:0'

/**
 * Files in the working directory shall be the emulator's user's, who deletes them later: without privileges that user
 * is root in the container, and with them it has its own number there unless the task asked for more.
 */
function userOf({ isAdmin }: ContainerCommand, { engine, user }: ContainerHost): string | undefined {
  if (engine.isRootless || isAdmin) return ROOT
  return user && `${user.uid}:${user.gid}`
}

interface Mount {
  path: string
  isReadOnly: boolean
}

/** Everything is where it is on this machine, so that the variables that name directories are right. */
function mountsOf(command: ContainerCommand): Mount[] {
  const { container, place } = command
  if (!container.mounts) return [{ path: place.nodeRoot, isReadOnly: false }]
  return container.mounts.flatMap(({ source, isReadOnly = false }) => {
    const path = source && pathOf(source, command)
    return path === undefined ? [] : { path, isReadOnly }
  })
}

function pathOf(
  source: NonNullable<ContainerMount['source']>,
  command: ContainerCommand,
): string | undefined {
  const { nodeRoot } = command.place
  const paths = {
    Shared: join(nodeRoot, 'shared'),
    Startup: join(nodeRoot, 'startup'),
    VfsMounts: join(nodeRoot, 'fsmounts'),
    Task: command.taskRoot,
    JobPrep: command.preparationRoot,
    Applications: join(nodeRoot, 'applications'),
  }
  return paths[source]
}

function mount(path: string, isReadOnly: boolean): string {
  // The engines read the option as a line of CSV.
  const field = (name: string): string =>
    /[",]/.test(path) ? `"${name}=${path.replaceAll('"', '""')}"` : `${name}=${path}`
  return `type=bind,${field('source')},${field('target')}${isReadOnly ? ',readonly' : ''}`
}

function startsInTask(command: ContainerCommand): boolean {
  return command.container.startsInImage !== true && seesTask(command)
}

function seesTask({ container: { mounts } }: ContainerCommand): boolean {
  return mounts?.some(({ source }) => source === 'Task') ?? true
}

/** Built-in variables that an image has values of its own for. */
const OF_THE_IMAGE: ReadonlySet<string> = new Set(['PATH', 'LANG', 'HOME'])

/** Variables that an engine's client, or the loader of its program, would take as its own. */
const OF_THE_CLIENT =
  /^(PATH|HOME|USER|TMPDIR|(DY)?LD_\w+|XDG_\w+|DBUS_\w+|SSL_CERT_\w+|SSH_\w+|\w+_PROXY|DOCKER_\w+|_?CONTAINERS?_\w+|PODMAN_\w+|BUILDAH_\w+|STORAGE_(DRIVER|OPTS)|REGISTRY_AUTH_FILE|GO(DEBUG|GC|MAXPROCS|MEMLIMIT|TRACEBACK)|LISTEN_\w+|NOTIFY_SOCKET)$/i

const PLAIN_NAME = /^[A-Za-z_]\w*$/

/**
 * Values stay off the command line, which everybody on the machine can read: the client hands its own variables on.
 * Those which would change the client itself are written out, as they name paths and switches.
 */
function variablesOf(
  command: ContainerCommand,
  user: string | undefined,
): { options: string[]; env: Environment } {
  const { environment, settings, place } = command
  const set = new Set(settings.map(({ name }) => name))
  const env: Environment = {}
  const options: string[] = []
  // A user that the image does not know has no home there.
  if (user !== undefined && user !== ROOT && !set.has('HOME') && seesTask(command))
    options.push(`HOME=${place.workingDirectory}`)
  for (const [name, value] of Object.entries(environment)) {
    if (OF_THE_IMAGE.has(name) && !set.has(name)) continue
    const isHandedOn = PLAIN_NAME.test(name) && !OF_THE_CLIENT.test(name)
    if (isHandedOn) env[name] = value
    options.push(isHandedOn ? name : `${name}=${value}`)
  }
  return { options, env }
}
