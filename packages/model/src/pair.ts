// Pairs of a name and a value, which the service uses for what has no members of its own.

/** A detail of an error. */
export interface NameValuePair {
  name: string
  value: string
}

/** The caller's own note on a pool or job; the service only keeps it. */
export interface MetadataItem {
  name: string
  value: string
}
