// Blobs: the containers that carry the task script, the inputs and the outputs.

/** What a SAS allows. `read` and `list` for inputs, `write` for outputs. */
export type SasPermission = 'read' | 'write' | 'create' | 'delete' | 'list' | 'add'

/** A blob in a listing. */
export interface BlobItem {
  name: string
  /** Bytes. */
  contentLength: number
  lastModified: Date
  /** MD5 of the content, base64; absent when the service does not know it. */
  md5?: string
  contentType?: string
}
