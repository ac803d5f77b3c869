// A Podman of the suite's own: its images and containers are in a directory that goes with it. There need be no network:
// its only image is made of busybox.

import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Found } from './install.ts'
import { findPrograms } from './install.ts'

/** Podman with an image, and what a process needs in its environment to use just these. */
export interface Podman {
  env: Readonly<Record<string, string>>
  /** It has a shell and what `COMMANDS` names; PATH=/bin, MADE_BY=image. */
  image: string
  /** The same; without a command line it writes `from the entrypoint` and its arguments. */
  imageWithEntrypoint: string
  /** What a command of it prints. */
  call: (...args: string[]) => Promise<string>
  close: () => Promise<void>
}

const COMMANDS = ['cat', 'echo', 'env', 'id', 'ls', 'mkdir', 'pwd', 'sh', 'sleep', 'touch', 'true']
const BUSYBOX = '/bin/busybox'
/** Works without a bridge, without systemd and within the limits of most machines. */
const SETTINGS = `[containers]
netns = "host"
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
`

/** Opens it; what cannot be had is told instead. */
export async function openPodman(): Promise<Found<Podman>> {
  const missing = await findPrograms({ podman: 'podman', runc: 'runc', [BUSYBOX]: 'busybox-static' })
  if (missing !== undefined) return { missing }
  const directory = await mkdtemp(join(tmpdir(), 'malachite-podman-'))
  const podman = await createPodman(directory)
  try {
    await importImages(podman, directory)
    await podman.call('run', '--rm', '--pull', 'never', podman.image, 'true')
    return { tool: podman }
  } catch (error) {
    await podman.close()
    return { missing: `podman runs no containers here: ${(error as Error).message.split('\n').at(-1)}` }
  }
}

async function createPodman(directory: string): Promise<Podman> {
  const [settings, storage] = [join(directory, 'containers.conf'), join(directory, 'storage.conf')]
  await writeFile(settings, `${SETTINGS}runtime = "runc"\n`)
  // vfs: overlay leaves a mount behind, with which the directory cannot be deleted.
  const [graph, run] = [join(directory, 'graph'), join(directory, 'run')]
  await writeFile(storage, `[storage]\ndriver = "vfs"\ngraphroot = "${graph}"\nrunroot = "${run}"\n`)
  const env = { CONTAINERS_CONF: settings, CONTAINERS_STORAGE_CONF: storage }
  return {
    env,
    image: 'localhost/malachite-test:1',
    imageWithEntrypoint: 'localhost/malachite-entrypoint:1',
    call: async (...args) => (await execa('podman', args, { env, timeout: 60_000 })).stdout,
    close: () => rm(directory, { recursive: true, force: true, maxRetries: 5 }),
  }
}

async function importImages({ call, image, imageWithEntrypoint }: Podman, directory: string): Promise<void> {
  const root = join(directory, 'image')
  await mkdir(join(root, 'bin'), { recursive: true })
  await mkdir(join(root, 'opt'))
  await cp(BUSYBOX, join(root, 'bin/busybox'))
  for (const name of COMMANDS) await symlink('busybox', join(root, 'bin', name))
  const archive = join(directory, 'image.tar')
  await execa('tar', ['-C', root, '-cf', archive, '.'])
  const change = ['ENV PATH=/bin', 'ENV MADE_BY=image', 'WORKDIR /opt'].flatMap((text) => ['--change', text])
  await call('import', ...change, archive, image)
  const entrypoint = 'ENTRYPOINT ["/bin/sh", "-c", "echo from the entrypoint $0 $*"]'
  await call('import', ...change, '--change', entrypoint, archive, imageWithEntrypoint)
}
