// A client in its own process, pointed at an emulator that the test has to itself.

import { execa } from 'execa'
import { type Emulator, startEmulator } from '@malachite/emulator'
import { onTestFinished } from 'vitest'
import type { Witness } from './witness.ts'

/** A program that speaks to an emulator and prints one JSON document. */
export interface ClientProgram {
  command: string
  args: readonly string[]
  /** Variables besides those that name the emulator. */
  env?: Readonly<Record<string, string>>
}

/** What a suite wants of its emulator. */
export interface TestEmulatorOptions {
  /** With Azurite beside it. */
  blobs?: boolean
  witness?: Witness
}

/** An emulator that goes with the test. */
export async function startTestEmulator({ blobs, witness }: TestEmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({
    ...(!blobs && { blobPort: 'none' }),
    ...(witness && { logger: witness.logger }),
  })
  onTestFinished(() => emulator.close())
  return emulator
}

/** What the program printed. Rejects with its stderr if it failed. */
export async function runClient({ batch }: Emulator, program: ClientProgram): Promise<unknown> {
  const { stdout } = await execa(program.command, program.args, {
    env: {
      NODE_OPTIONS: '',
      BATCH_URL: batch.url,
      BATCH_ACCOUNT: batch.account,
      BATCH_KEY: batch.key,
      ...program.env,
    },
    timeout: 120_000,
  })
  return JSON.parse(stdout)
}
