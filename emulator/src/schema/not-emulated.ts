// What the service has and Malachite refuses so far, as data: schemas name the rows, documentation prints them.
// Refusing with 501 is honest; accepting such a member and ignoring it would make a workload fail in Azure only.

/** Where the member is (`resource.member`) → the sentence of the error and of the documentation. */
export const NOT_EMULATED = {
  'pool.mountConfiguration': 'Malachite does not emulate mounted file systems yet.',
  'pool.cloudServiceConfiguration': 'Malachite does not emulate pools of cloud services yet.',
  'resourceFile.identityReference': 'Malachite does not emulate managed identities for resource files yet.',
  'uploadBatchServiceLogs.identityReference':
    'Malachite does not emulate managed identities for the upload of logs yet.',
  'containerRegistry.identityReference':
    'Malachite does not emulate managed identities for container registries yet.',
  'outputFile.identityReference': 'Malachite does not emulate managed identities for output files yet.',
} as const

/** A row of the table. */
export type NotEmulated = keyof typeof NOT_EMULATED

const SENTENCES: ReadonlySet<string> = new Set(Object.values(NOT_EMULATED))

/** True for a sentence of the table: how an issue of a schema is known to be a refusal, not a mistake of the caller. */
export function isNotEmulated(sentence: string): boolean {
  return SENTENCES.has(sentence)
}
