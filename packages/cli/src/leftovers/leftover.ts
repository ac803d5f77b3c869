// What runs and emulators leave behind, and where it is looked for.

/** Something that nobody seems to need any more. */
export interface Leftover {
  /** A container of blobs, or one in which an emulator ran a task. */
  kind: 'job' | 'pool' | 'blobContainer' | 'taskContainer'
  id: string
  /** Id of the run that created it; absent for containers of tasks. */
  run?: string
  state?: string
  /** ISO 8601. */
  creationTime?: string
  nodes: number
  /** Hours of its nodes so far, to hundredths. */
  nodeHours: number
  /** Starts its deletion. */
  remove(this: void): Promise<void>
}

/** One service, or one machine, that is searched. */
export interface LeftoverSource {
  /** For people: `Jobs and pools`. */
  name: string
  /** What was created before a time, in the order in which it is to be deleted. */
  find(this: void, madeBefore: Date): Promise<Leftover[]>
  close(this: void): Promise<void>
}
