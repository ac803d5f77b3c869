// Requests to the server of this page: they carry its token, and what is refused becomes one kind of error.

/** A request that was refused or did not arrive. */
export class RequestError extends Error {
  override name = 'RequestError'
  /** 0 when no answer came. */
  readonly status: number
  /** As the service calls it, e.g. `JobNotFound`; `Unreachable` when no answer came. */
  readonly code: string
  /** Further facts that the service told, such as the property that is wrong. */
  readonly values: readonly { key: string; value: string }[]

  constructor(status: number, code: string, message: string, values: RequestError['values'] = []) {
    super(message)
    this.status = status
    this.code = code
    this.values = values
  }
}

/** What a request is made of. */
export interface RequestOptions {
  /** @default 'GET' */
  method?: string
  /** Sent as JSON. */
  body?: unknown
  headers?: Readonly<Record<string, string>>
  signal?: AbortSignal
}

// The service wants this type of every body; without the parameter it is refused.
const JSON_TYPE = 'application/json; odata=minimalmetadata'

let token = readToken(document)

/** Sends a request; a server that has been restarted is asked for its new token once. `RequestError` on refusal. */
export async function send(path: string, options: RequestOptions = {}): Promise<Response> {
  const first = await attempt(path, options)
  const response = first.status === 403 && (await renewToken()) ? await attempt(path, options) : first
  if (response.ok) return response
  throw await refusal(response)
}

/** Sends a request and reads its answer as JSON. */
export async function receive<T>(path: string, options?: RequestOptions): Promise<T> {
  const response = await send(path, options)
  return (await response.json()) as T
}

/** Reads the token of a server that may have been restarted; true when it is another one. A newer page is loaded. */
export async function renewToken(): Promise<boolean> {
  const response = await fetch('/', { cache: 'no-store' })
  if (!response.ok) return false
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  if (scriptOf(page) !== scriptOf(document)) location.reload()
  const renewed = readToken(page)
  const isOther = renewed !== token
  token = renewed
  return isOther
}

async function attempt(path: string, options: RequestOptions): Promise<Response> {
  const { method = 'GET', body, headers, signal } = options
  try {
    return await fetch(path, {
      method,
      headers: {
        'x-malachite-token': token,
        ...(body !== undefined && { 'content-type': JSON_TYPE }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
      cache: 'no-store',
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new RequestError(0, 'Unreachable', 'The server of this page does not answer.')
  }
}

interface ErrorBody {
  code?: string
  message?: string | { value?: string }
  values?: { key: string; value: string }[]
}

async function refusal(response: Response): Promise<RequestError> {
  const text = await response.text()
  const { code = `HTTP ${response.status}`, message, values } = parseError(text)
  const sentence = (typeof message === 'string' ? message : message?.value) ?? response.statusText
  // The service ends its sentences with the ids of the request; people do not need them.
  return new RequestError(response.status, code, sentence.split('\nRequestId:')[0] ?? sentence, values)
}

function parseError(text: string): ErrorBody {
  try {
    return JSON.parse(text) as ErrorBody
  } catch {
    // Not the service's: an answer of something in between.
    return { message: text.slice(0, 500) }
  }
}

function readToken(page: Document): string {
  return page.querySelector('meta[name="malachite-token"]')?.getAttribute('content') ?? ''
}

function scriptOf(page: Document): string | null | undefined {
  return page.querySelector('script[src]')?.getAttribute('src')
}
