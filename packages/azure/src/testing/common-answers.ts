// What the answers for pools and for jobs share.

/** A time as the service writes it. */
export const TIME = '2026-01-02T03:04:05.1234567Z'
/** The same in our model. */
export const WHEN = new Date(TIME)

/** Why a task failed; the same on the wire and in our model. */
export const FAILURE = {
  category: 'UserError',
  code: 'FailureExitCode',
  message: 'The task exited with an exit code representing a failure',
  details: [{ name: 'Message', value: 'exit 3' }],
}
/** The same time under several names. */
export function times<Time>(names: readonly string[], time: Time): Record<string, Time> {
  return Object.fromEntries(names.map((name) => [name, time]))
}
