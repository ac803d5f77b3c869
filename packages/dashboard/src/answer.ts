// What a request of the browser is answered, before it is written.

/** An answer; `body` absent for none. */
export interface Answer {
  status: number
  headers: Readonly<Record<string, string>>
  body?: string | Buffer | ReadableStream<Uint8Array>
}

/** An answer in JSON. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  }
}

/** A refusal of the window itself; the service's own have another shape. */
export function refusal(status: number, code: string, message: string): Answer {
  return jsonAnswer(status, { code, message })
}
