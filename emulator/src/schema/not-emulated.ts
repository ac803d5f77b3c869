// What the service has and Malachite refuses so far, as data: schemas name the rows, documentation prints them.
// Refusing with 501 is honest; accepting such a member and ignoring it would make a workload fail in Azure only.

/** Where the member is (`resource.member`) → the sentence of the error and of the documentation. */
export const NOT_EMULATED = {
  'pool.enableAutoScale': 'Malachite does not emulate autoscaling pools yet.',
  'pool.autoScaleFormula': 'Malachite does not emulate autoscale formulas yet.',
  'pool.autoScaleEvaluationInterval': 'Malachite does not emulate autoscale evaluation yet.',
  'pool.mountConfiguration': 'Malachite does not emulate mounted file systems yet.',
  'pool.applicationPackageReferences': 'Malachite does not emulate application packages of pools yet.',
  'pool.certificateReferences': 'Malachite does not emulate certificates yet.',
  'pool.cloudServiceConfiguration': 'Malachite does not emulate pools of cloud services yet.',
  'virtualMachineConfiguration.containerConfiguration': 'Malachite does not emulate container pools yet.',
  'startTask.containerSettings': 'Malachite does not emulate containers for start tasks yet.',
  'job.jobManagerTask': 'Malachite does not emulate job manager tasks yet.',
  'job.jobPreparationTask': 'Malachite does not emulate job preparation tasks yet.',
  'job.jobReleaseTask': 'Malachite does not emulate job release tasks yet.',
  'job.usesTaskDependencies': 'Malachite does not emulate dependencies between the tasks of a job yet.',
  'job.allowTaskPreemption': 'Malachite does not emulate the preemption of tasks yet.',
  'job.onTaskFailure': 'Malachite does not emulate job actions on the failure of a task yet.',
  'poolInfo.autoPoolSpecification': 'Malachite does not emulate pools that a job brings with it yet.',
  'task.containerSettings': 'Malachite does not emulate containers for tasks yet.',
  'task.exitConditions': 'Malachite does not emulate exit conditions yet.',
  'task.multiInstanceSettings': 'Malachite does not emulate multi-instance tasks yet.',
  'task.dependsOn': 'Malachite does not emulate task dependencies yet.',
  'task.applicationPackageReferences': 'Malachite does not emulate application packages of tasks yet.',
  'task.authenticationTokenSettings': 'Malachite does not emulate authentication tokens of tasks yet.',
  'resourceFile.autoStorageContainerName':
    'Malachite does not emulate the storage account linked to the Batch account yet.',
  'resourceFile.identityReference': 'Malachite does not emulate managed identities for resource files yet.',
  'outputFile.identityReference': 'Malachite does not emulate managed identities for output files yet.',
} as const

/** A row of the table. */
export type NotEmulated = keyof typeof NOT_EMULATED

const SENTENCES: ReadonlySet<string> = new Set(Object.values(NOT_EMULATED))

/** True for a sentence of the table: how an issue of a schema is known to be a refusal, not a mistake of the caller. */
export function isNotEmulated(sentence: string): boolean {
  return SENTENCES.has(sentence)
}
