// A failure that the user can understand from one line: what main prints, and the exit code that goes with it.

/** Exit code for arguments that make no sense. */
export const USAGE = 2

/** Exit code for everything else that went wrong. */
export const FAILED = 1

/** An expected failure; its message is one line for the user and holds no secret. */
export class Failure extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number = FAILED) {
    super(message)
    this.name = 'Failure'
    this.exitCode = exitCode
  }
}

const REASONS: Record<string, string> = {
  ENOENT: 'no such file or directory',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  ENAMETOOLONG: 'the name is too long',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'the host name cannot be resolved now',
  ETIMEDOUT: 'timed out',
  UND_ERR_CONNECT_TIMEOUT: 'timed out',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_SOCKET: 'connection lost',
}

/**
 * Why `error` happened, in words. A message is used only where there is no code, and never one with a URL, because that
 * contains the SAS.
 */
export function reasonOf(error: unknown): string {
  const cause = rootOf(error)
  const code = cause !== undefined && 'code' in cause ? String(cause.code) : undefined
  if (code !== undefined) return REASONS[code] ?? code
  return cause === undefined || cause.message.includes('://') ? 'unexpected error' : cause.message
}

/** The first error with a code on the way from `error` to its deepest cause, or that cause. */
function rootOf(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error) return error
  // A host with several addresses: the reason of the first is as good as any.
  if (error instanceof AggregateError) return rootOf(error.errors[0]) ?? error
  return rootOf(error.cause) ?? error
}
