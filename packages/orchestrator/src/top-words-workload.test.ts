import { execFile } from 'node:child_process'
import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { wrapCommandsInShell } from '@malachite/model'
import { expect, onTestFinished, test } from 'vitest'
import { topWordsWorkload } from './top-words-workload.ts'

const run = promisify(execFile)

/** A node's directories, in a path with a space and quotes. */
async function createNode() {
  const root = await mkdtemp(join(tmpdir(), `malachite node's "$HOME" `))
  onTestFinished(() => rm(root, { recursive: true }))
  const [shared, wd, bin] = [join(root, 'shared'), join(root, 'wd'), join(root, 'bin')]
  await Promise.all([shared, wd, bin].map((path) => mkdir(path)))
  const execute = (commandLine: string, path = `/usr/bin:/bin:${dirname(process.execPath)}`) => {
    // As a node does it: the line is split by the rules of a POSIX shell, then executed without one. SHLVL keeps bash
    // from taking the socket on its stdin for a remote login, for which it would read ~/.bashrc.
    const env = { PATH: path, AZ_BATCH_TASK_WORKING_DIR: wd, AZ_BATCH_NODE_SHARED_DIR: shared, SHLVL: '1' }
    return run('/bin/sh', ['-c', `exec ${commandLine}`], { cwd: wd, env })
  }
  const addProgram = async (name: string, text: string): Promise<void> => {
    await writeFile(join(bin, name), text)
    await chmod(join(bin, name), 0o755)
  }
  return { shared, wd, bin, execute, addProgram }
}

const output = {
  account: 'acc',
  url: 'https://acc.blob.core.windows.net',
  container: 'output',
  sas: 'sv=1&sig=a%3D',
}

function taskFor(name: string, target = output, scriptPath = '/app/top words.mjs') {
  const input = { path: `/data/${name}`, name, resourceFile: { filePath: name, httpUrl: 'http://h/c/b' } }
  return topWordsWorkload({ scriptPath, numWords: 5 }).toTask(input, 7, target)
}

const startCommand = wrapCommandsInShell(
  'linux',
  topWordsWorkload({ scriptPath: '/app/top words.mjs' }).startCommands(),
)

test.each([
  'a.txt',
  "it's  two.txt",
  '"$HOME" `id` $(id) \\n.txt',
  'größe 日本.txt',
  '; rm -rf x',
  'two\nlines',
])('the task script gets the file name %j unharmed', async (name) => {
  const node = await createNode()
  await writeFile(join(node.shared, 'top words.mjs'), 'console.log(JSON.stringify(process.argv.slice(2)))')
  const { stdout } = await node.execute(taskFor(name).commandLine)
  expect(JSON.parse(stdout)).toEqual(
    ['--filepath', name, '--numwords', '5', '--storageaccount', 'acc', '--storagecontainer', 'output'].concat(
      '--sastoken',
      'sv=1&sig=a%3D',
    ),
  )
})

test('a task is called by its index and brings its input', () => {
  const task = taskFor('a.txt')
  expect(task.id).toBe('topNtask7')
  expect(task.resourceFiles).toEqual([{ filePath: 'a.txt', httpUrl: 'http://h/c/b' }])
})

test('a name that starts with a dash is no option', () => {
  expect(taskFor('-n.txt').commandLine).toContain('./-n.txt')
})

test('the address of the blob service is passed only when it is not the public one', () => {
  const local = { ...output, url: 'http://127.0.0.1:10000/acc' }
  expect(taskFor('a.txt').commandLine).not.toContain('--storageurl')
  expect(taskFor('a.txt', local).commandLine).toMatch(/--storageurl .*http:\/\/127.0.0.1:10000\/acc/)
})

test('the start task copies its files and installs nothing where Node.js is', async () => {
  const node = await createNode()
  await writeFile(join(node.wd, 'top words.mjs'), 'script')
  await writeFile(join(node.wd, '.hidden'), 'too')
  await node.execute(startCommand)
  expect(await readFile(join(node.shared, 'top words.mjs'), 'utf8')).toBe('script')
  expect(await readFile(join(node.shared, '.hidden'), 'utf8')).toBe('too')
  await expect(access(join(node.shared, 'node'))).rejects.toThrow('ENOENT')
})

test('without Node.js, somebody who is not root gets one clear line', async () => {
  const node = await createNode()
  await node.addProgram('node', '#!/bin/sh\nexit 1')
  await node.addProgram('id', '#!/bin/sh\necho 1000')
  await expect(node.execute(startCommand, `${node.bin}:/usr/bin:/bin`)).rejects.toMatchObject({
    code: 1,
    stderr: 'Node.js 18 or newer is not on this node, and only root installs it\n',
  })
})

/** A bare image whose root downloads from a directory instead of nodejs.org; the network is not used. */
async function createBareNode(checksumOf: (archive: string) => Promise<string>) {
  const node = await createNode()
  const release = join(node.wd, '../release')
  const name = 'node-v22.1.0-linux-x64'
  await mkdir(join(release, name, 'bin'), { recursive: true })
  const program = `#!/bin/sh\nexec '${process.execPath}' "$@"\n`
  await writeFile(join(release, name, 'bin/node'), program, { mode: 0o755 })
  await run('tar', ['-czf', `${name}.tar.gz`, name], { cwd: release })
  const sum = await checksumOf(join(release, `${name}.tar.gz`))
  await writeFile(join(release, 'SHASUMS256.txt'), `${sum}  ${name}.tar.gz\n${sum}  ${name}.tar.xz\n`)
  await node.addProgram('node', '#!/bin/sh\nexit 1')
  await node.addProgram('id', '#!/bin/sh\necho 0')
  await node.addProgram('uname', '#!/bin/sh\necho x86_64')
  await node.addProgram(
    'curl',
    '#!/bin/sh\nfor last; do :; done\ncp "$(dirname "$0")/../release/${last##*/}" "$8"',
  )
  return { ...node, start: () => node.execute(startCommand, `${node.bin}:/usr/bin:/bin`) }
}

test('on a bare image root installs the official build into the shared directory', async () => {
  const node = await createBareNode(async (archive) =>
    (await run('sha256sum', [archive])).stdout.replace(/^\\?(\w+)[^]*/, '$1'),
  )
  await node.start()
  await expect(access(join(node.shared, 'node/bin/node'))).resolves.toBeUndefined()
  await writeFile(join(node.shared, 'top words.mjs'), 'console.log("ran")')
  const { stdout } = await node.execute(taskFor('a.txt').commandLine, `${node.bin}:/usr/bin:/bin`)
  expect(stdout).toBe('ran\n')
})

test('a download whose checksum is wrong is not unpacked', async () => {
  const node = await createBareNode(async () => '0'.repeat(64))
  await expect(node.start()).rejects.toMatchObject({ code: 1 })
  await expect(access(join(node.shared, 'node'))).rejects.toThrow('ENOENT')
})

test.each([0, -1, 1.5, Number.NaN])('refuses %d words', (numWords) => {
  expect(() => topWordsWorkload({ scriptPath: '/s', numWords })).toThrow(/at least 1/)
})
