// What stands behind the window: a Batch account, spoken to in its own protocol. An emulator in this process and an
// account in Azure look alike from here.

/** A request of the Batch service, without api-version and signature: who sends it on adds them. */
export interface UpstreamRequest {
  method: string
  /** Begins with `/`; percent-encoded as in a URL. */
  path: string
  /** Without `?`; empty for none. */
  query: string
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  body?: Uint8Array
}

/** The service's answer, whatever its status. */
export interface UpstreamAnswer {
  status: number
  headers: Readonly<Record<string, string>>
  /** JSON is text, a file is a stream. */
  body?: string | ReadableStream<Uint8Array>
}

/** What changed. */
export interface UpstreamChange {
  kind: 'pool' | 'node' | 'job' | 'task' | 'jobSchedule'
  /** Of the pool, job or schedule; of a node that of its pool, of a task that of its job. Absent: any. */
  id?: string
}

/** A state that something has left for another, or an evaluation of an autoscale formula. */
export interface HistoryEntry {
  /** ISO 8601. */
  time: string
  kind: 'pool' | 'node' | 'job' | 'task' | 'jobSchedule' | 'autoscale'
  /** `jobId/taskId` for a task, `poolId/nodeId` for a node. */
  id: string
  /** Absent when it has just come into being, or is not known. */
  from?: string
  to: string
  /** Of a task that is completed. */
  result?: 'success' | 'failure'
  detail?: string
}

/** Which part of the history to read. */
export interface HistoryQuery {
  kind?: string
  id?: string
}

/** A Batch account as the window sees it. Errors reject; refusals of the service are answers. */
export interface Upstream {
  readonly backend: 'emulator' | 'azure'
  readonly account: string
  /** Where clients reach it. */
  readonly url: string
  request(request: UpstreamRequest): Promise<UpstreamAnswer>
  /** Tells of every change from now on, until the function that it returns is called. Absent: nobody can tell. */
  events?(listener: (change: UpstreamChange) => void): () => void
  /** The latest first. Absent: there is none. */
  history?(query: HistoryQuery): readonly HistoryEntry[]
}
