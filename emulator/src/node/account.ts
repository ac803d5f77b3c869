// The account that the nodes belong to.

/** The account as its nodes know it; what becomes known late is set later. */
export interface BatchAccount {
  name: string
  url: string
  /** Connection string of the storage account that is linked to it, if one is. */
  autoStorage?: string
  /** A token for the operations on a job. */
  jobToken?: (jobId: string) => string
}
