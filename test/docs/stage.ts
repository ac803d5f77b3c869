// Where the commands of a page are given: a folder of their own with what a clone has, a home, free ports, and a shell.

import { access, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRestClient, type RestClient } from '@malachite/azure'
import { startEmulator, type Emulator, type EmulatorOptions } from '@malachite/emulator'
import { openShell, type Shell } from './shell.ts'

/** A page's folder and shell. Pages that prepare something use it, too. */
export interface Stage {
  shell: Shell
  /** Words of the page that stand for something: `NODE` and the id of a node. */
  words: Map<string, string>
  /** A file in the folder, or one as JSON. */
  write(name: string, content: string | object): Promise<void>
  /** An emulator that the commands find. */
  startEmulator(options?: Pick<EmulatorOptions, 'profile'>): Promise<void>
  /** The emulator that the commands find. */
  client(): Promise<RestClient>
  close(): Promise<void>
}

export interface StageOptions {
  /** The clone. */
  root: string
  /** With Azurite beside the emulator. */
  blobs: boolean
  /** More variables of the shell. */
  env: Readonly<Record<string, string>>
}

/** Variables that would change what commands do: settings of clients, and what npm, pnpm and vitest set for the tests. */
const OURS =
  /^(MALACHITE_|AZURE_|AZURITE_|VITEST|NODE_ENV$|NODE_OPTIONS$|XDG_|PYTEST_|VIRTUAL_ENV$|INIT_CWD$|p?npm_(?!config_(registry|cache|userconfig|.*proxy|cafile)$))/

/** Opens a stage; `close()` ends what was started on it and deletes its folder. */
export async function openStage({ root, blobs, env }: StageOptions): Promise<Stage> {
  const place = await realpath(await mkdtemp(join(tmpdir(), 'malachite-docs-')))
  const folder = join(place, 'clone')
  await layOut(root, folder)
  for (const name of ['home', 'logs']) await mkdir(join(place, name))
  const endpointsFile = join(place, 'endpoints.json')
  const shell = openShell(folder, join(place, 'logs'), {
    ...environment(root, join(place, 'home')),
    // A page names the usual ports. Several of them are tried at once, so that each gets free ones.
    MALACHITE_BATCH_PORT: '0',
    MALACHITE_BLOB_PORT: blobs ? '0' : 'none',
    MALACHITE_ENDPOINTS_FILE: endpointsFile,
    ...env,
  })
  const closing: (() => Promise<void>)[] = []
  return {
    shell,
    words: new Map(),
    async write(name, content) {
      const path = join(folder, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
    },
    async startEmulator(options = {}) {
      const emulator = await startEmulator({ batchPort: 0, blobPort: blobs ? 0 : 'none', ...options })
      closing.push(() => emulator.close())
      await writeFile(endpointsFile, endpointsOf(emulator))
    },
    async client() {
      const { batch } = JSON.parse(await readFile(endpointsFile, 'utf8')) as Pick<Emulator, 'batch'>
      const client = createRestClient({ account: batch.account, endpoint: batch.url, key: batch.key })
      closing.push(() => client.close())
      return client
    },
    async close() {
      for (const close of closing) await close()
      await shell.endServers()
      await endDetached(endpointsFile)
      await shell.close()
      await rm(place, { recursive: true, force: true })
    },
  }
}

/** A page that went wrong may have left an emulator in the background: its endpoints file is there. */
async function endDetached(endpointsFile: string): Promise<void> {
  const { pid } = JSON.parse(await readFile(endpointsFile, 'utf8').catch(() => '{}')) as { pid?: number }
  if (pid === undefined || pid === process.pid) return
  process.kill(pid, 'SIGTERM')
  const isThere = () =>
    access(endpointsFile).then(
      () => true,
      () => false,
    )
  while (await isThere()) await sleep(20)
}

function endpointsOf({ batch, blob }: Emulator): string {
  return JSON.stringify({ pid: process.pid, batch, ...(blob && { blob }) })
}

/** What the pages use of a clone, and the packages that a project of its own would have installed. */
async function layOut(root: string, folder: string): Promise<void> {
  const modules = join(folder, 'node_modules')
  await mkdir(modules, { recursive: true })
  for (const name of ['node-task', 'test', 'docker-compose.yml'])
    await symlink(join(root, name), join(folder, name))
  const links = new Map<string, string>()
  for (const from of [join(root, 'test/node_modules'), join(root, 'node_modules')])
    for (const name of await readdir(from)) if (!links.has(name)) links.set(name, join(from, name))
  links.set('.bin', join(root, 'node_modules/.bin'))
  for (const [name, target] of links) await symlink(target, join(modules, name))
}

function environment(root: string, home: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !OURS.test(name))
  const user = homedir()
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`,
    NO_COLOR: '1',
    COLUMNS: '120',
    // The registries of the user, and what was downloaded before.
    npm_config_userconfig: process.env['npm_config_userconfig'] ?? join(user, '.npmrc'),
    npm_config_cache: process.env['npm_config_cache'] ?? join(user, '.npm'),
    PIP_CONFIG_FILE: process.env['PIP_CONFIG_FILE'] ?? join(user, '.config/pip/pip.conf'),
    PIP_CACHE_DIR: process.env['PIP_CACHE_DIR'] ?? join(user, '.cache/pip'),
  }
}
