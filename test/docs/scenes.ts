// What must be there before the commands of a page: what the reader of that page has.

import { poolBody } from '../helpers/virtual-engine.ts'
import {
  addBrokenPool,
  addJobs,
  addMyJob,
  addPool,
  addSpotNodes,
  bashTasks,
  beginRun,
  FAILS,
  restart,
  type Preparation,
} from './preparations.ts'

/** What a page needs besides a shell; nothing by default. */
export interface Scene {
  /** No part of `npm test`. */
  slow?: true
  /** With Azurite beside the emulator. */
  blobs?: true
  /** Programs that are not of this workspace. */
  needs?: readonly ('az' | 'python')[]
  begin?: Preparation
  /** What is prepared right before a command. */
  before?: Readonly<Record<string, Preparation>>
  /** Of commands that fail as the page says. @default 0 */
  exitCodes?: Readonly<Record<string, number>>
}

/** The scenes by page. */
export const SCENES: Readonly<Record<string, Scene>> = {
  'README.md': {
    blobs: true,
    needs: ['az'],
    begin: async (stage) => {
      await stage.write(
        'tasks.json',
        bashTasks(150, (index) => (index === 101 ? FAILS : 'true')),
      )
      await stage.write('package.json', { scripts: { test: 'malachite pool list' } })
    },
    before: { 'malachite task create myjob --json-file tasks.json': addMyJob },
    exitCodes: { 'malachite wait job myjob': 1 },
  },
  'docs/command-line.md': {
    begin: async (stage) => {
      await stage.write('pool.json', poolBody('mypool'))
      await stage.write('job.json', { id: 'myjob', poolInfo: { poolId: 'mypool' } })
      await stage.write(
        'tasks.json',
        bashTasks(3, (index) => `echo ${index}`, 'task'),
      )
      await stage.write('../home/.config/fish/completions/others.fish', '')
    },
    before: { 'malachite job show nosuch': (stage) => stage.startEmulator() },
  },
  'docs/credentials.md': {
    begin: (stage) => stage.write('accounts', `mine:${Buffer.from('a key').toString('base64')}\n`),
  },
  'docs/failures.md': {
    slow: true,
    before: {
      'malachite fail node POOL NODE': (stage) => addPool(stage),
      'malachite fail node POOL NODE --code Strange --recovery 5m': restart,
      'malachite fail node POOL NODE --lost': restart,
      'malachite preempt POOL': addSpotNodes,
    },
  },
  'docs/guides/az-cli.md': { slow: true, needs: ['az'] },
  'docs/guides/dotnet.md': { slow: true },
  'docs/guides/java.md': { slow: true },
  'docs/guides/javascript.md': { slow: true },
  'docs/guides/python.md': { slow: true, needs: ['python'] },
  'docs/resuming.md': {
    slow: true,
    blobs: true,
    begin: async (stage) => {
      await stage.write('books/book.txt', 'one two two')
      await stage.startEmulator({ profile: 'fast' })
      await stage.shell.run('eval "$(malachite env)"')
    },
    before: {
      'malachite run --resume': beginRun,
      'malachite run --resume RUN': beginRun,
    },
  },
  'docs/testing.md': { slow: true, needs: ['python'] },
  'docs/tutorial.md': { slow: true, blobs: true },
  'docs/why.md': { begin: addJobs, before: { 'malachite why task render frame7': addBrokenPool } },
}
