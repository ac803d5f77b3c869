// From the arguments to the exit code. Each command is loaded when it is performed.

import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { createCommandLine, perform, type Commands } from './program/program.ts'
import type { Environment } from './settings/environment.ts'
import { isDebugging, type Surroundings } from './settings/surroundings.ts'
import { EXIT, type ExitCode } from './text/exit-code.ts'
import { failureLines, toFailure } from './text/failure.ts'

/** Performs the command of the arguments (without `node` and the script) and resolves to the exit code. Never rejects. */
export async function main(argv: readonly string[]): Promise<number> {
  ignoreLostReaders()
  const environment = process.env
  try {
    const surroundings = { environment, directory: process.cwd() }
    return await perform(argv, version(), createCommands(argv, surroundings))
  } catch (error) {
    return tell(error, argv, environment)
  }
}

function createCommands(argv: readonly string[], around: Surroundings): Commands {
  return {
    run: async (files, flags) => (await import('./commands/run.ts')).run(files, flags, around),
    resume: async (flags) => (await import('./commands/run.ts')).resume(flags, around),
    retry: async (flags) => (await import('./commands/run.ts')).retry(flags, around),
    emulator: async (flags) => (await import('./commands/emulator.ts')).emulator(flags, version(), around),
    detach: async (flags) => (await import('./commands/detach.ts')).detach(flags, argv, around),
    stop: async (flags) => (await import('./commands/detach.ts')).stop(flags, around),
    status: async (flags) => (await import('./commands/detach.ts')).status(flags, around),
    application: {
      add: async (...args) => (await import('./commands/application.ts')).addApplication(...args),
      list: async (flags) => (await import('./commands/application.ts')).listApplications(flags),
      remove: async (...args) => (await import('./commands/application.ts')).removeApplication(...args),
    },
    simulate: async (flags) => (await import('./commands/autoscale.ts')).simulate(flags),
    why: async (...args) => (await import('./commands/why.ts')).why(...args, around),
    preempt: async (...args) => (await import('./commands/why.ts')).preempt(...args, around),
    fail: {
      allocation: async (...args) => (await import('./commands/why.ts')).failAllocation(...args, around),
      node: async (...args) => (await import('./commands/why.ts')).failNode(...args, around),
    },
    env: async (flags) => (await import('./commands/env.ts')).env(flags),
    ui: async (flags) => (await import('./commands/ui.ts')).ui(flags, around),
    tools: {
      resource: async (...args) => (await import('./commands/resource.ts')).resource(...args, around),
      logs: async (...args) => (await import('./commands/logs.ts')).logs(...args, around),
      waitJob: async (...args) => (await import('./commands/wait.ts')).waitJob(...args, around),
      exec: async (...args) => (await import('./commands/exec.ts')).exec(...args, around),
      doctor: async (flags) => (await import('./commands/doctor.ts')).doctor(flags, around),
      clean: async (flags) => (await import('./commands/clean.ts')).clean(flags, around),
      completion: async (...args) => (await import('./commands/completion.ts')).completion(...args),
    },
  }
}

/** The whole command line, for what describes it. */
export function commandLine(): Command {
  return createCommandLine(version(), createCommands([], { environment: {}, directory: '' }), () => {})
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** Tells what went wrong: as JSON when the command was to answer in JSON, else in words. */
function tell(error: unknown, argv: readonly string[], environment: Environment): ExitCode {
  const failure = toFailure(error)
  if (failure === undefined) return EXIT.ok
  const { code, message, exitCode } = failure
  if (argv[0] === 'run' && argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ outcome: 'error', error: { code, message } }, null, 2)}\n`)
  } else {
    for (const line of failureLines(failure)) process.stderr.write(`${line}\n`)
  }
  const isBug = code === 'InternalError'
  if (isBug && (isDebugging(environment) || argv.includes('--verbose') || argv.includes('-v'))) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  }
  return exitCode
}

/**
 * Whoever reads the output may stop reading, as `head` does, and a terminal may be closed, which makes writing to it an
 * `EIO`: the work goes on, or is cleaned up, and ends as usual.
 */
function ignoreLostReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      const isLost = error.code === 'EPIPE' || (error.code === 'EIO' && stream.isTTY)
      if (!isLost) throw error
    })
  }
}
