// Applications: packages of files that pools and tasks refer to, and nodes unpack.

/** An application of the account, as the service lists it. */
export interface ApplicationSummary {
  id: string
  displayName?: string
  versions: string[]
}

/** What a pool or a task asks for; without a version: the application's default one. */
export interface ApplicationPackageReference {
  applicationId: string
  version?: string
}
