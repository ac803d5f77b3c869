// What went wrong, in words, wherever it went wrong.

import type { ComponentChildren } from 'preact'
import { RequestError } from '../http.ts'
import type { Resource } from '../resource.ts'
import { Icon } from './icon.tsx'

/** A message that something is wrong, with the service's code and its facts. */
export function Problem({ title, code, message, values = [], children }: ProblemProps) {
  return (
    <div class="problem">
      <Icon sign="warn" />
      <div>
        <strong>{title}</strong>
        {code && <code>{code}</code>}
        {message && <p>{message}</p>}
        {values.length > 0 && (
          <ul>
            {values.map(({ key, value }) => (
              <li key={key}>
                <span class="faint">{key}:</span> {value}
              </li>
            ))}
          </ul>
        )}
        {children}
      </div>
    </div>
  )
}

export interface ProblemProps {
  title: string
  code?: string | undefined
  message?: string | undefined
  values?: readonly { key: string; value: string }[]
  children?: ComponentChildren
}

/** Why a request was refused. */
export function Refusal({ error, title }: { error: Error; title: string }) {
  const { code, values } = error instanceof RequestError ? error : { code: undefined, values: [] }
  return <Problem title={title} code={code} message={error.message} values={values} />
}

/** What was read, or that it is on its way, or why it did not come. What was read once stays. */
export function Loaded<T>({ from, what, children }: LoadedProps<T>) {
  const { data, error } = from
  if (data !== undefined) return <>{children(data)}</>
  if (error) return <Refusal error={error} title={`Cannot show ${what}`} />
  return <p class="loading">Loading {what} …</p>
}

export interface LoadedProps<T> {
  from: Pick<Resource<T>, 'data' | 'error'>
  /** With its article: `the job`. */
  what: string
  children: (data: T) => ComponentChildren
}
