// Starting processes, as its users and its two helpers see it.

/** What to start. */
export interface Launch {
  /** Program and arguments. The program is looked up in the PATH of `env`. */
  argv: readonly string[]
  cwd: string
  env: Readonly<Record<string, string>>
  /** Files that the output goes to; made, or gone on with: the second command of a task adds to what the first wrote. */
  stdout: string
  stderr: string
}

/** How it ended: the exit code or the negative signal number, or the system's code for why it never started. */
export type LaunchEnd = { exitCode: number } | { error: string }

/** The signals that end a process. */
export type EndSignal = 'SIGTERM' | 'SIGKILL'

/** A process that was started, or is being. */
export interface Launched {
  readonly ended: Promise<LaunchEnd>
  /** Signals the whole process group; does nothing once the process has ended. */
  kill(signal: EndSignal): void
}

/** Where the standard output of a helper goes, which writes none: a file open for writing, or nowhere. */
export type HelperOutput = number | 'ignore'

/** A helper process that starts others. */
export interface Helper {
  /** It can start nothing any more. */
  isGone(): boolean
  launch(id: number, launch: Launch): Launched
  /** Kills what runs and waits for the helper to end. */
  close(): Promise<void>
}

/** The error of a launch whose helper ended before it, or that came after `close()`. */
export const LAUNCHER_LOST = 'ELAUNCHER'
