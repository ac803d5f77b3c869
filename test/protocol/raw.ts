// Bytes on a connection: for what no HTTP client sends.

import { createHmac } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { API_VERSION, stringToSign } from './helpers.ts'

/** Who signs, and where the server is. */
export interface Peer {
  url: string
  account: string
  key: string
}

/** What differs from a request that a client would send. */
export interface RawOptions {
  body?: string | Buffer
  /** Replaces or adds headers before signing; `undefined` leaves one out. */
  headers?: Readonly<Record<string, string | undefined>>
  /** The target that is signed. @default the one that is sent */
  signed?: string
  /** Lines that follow the signed headers as they are. */
  lines?: readonly string[]
}

/** The bytes of a signed request; `line` is `VERB /path?query`, an api-version is added. */
export function rawRequest(
  peer: Peer,
  line: string,
  { body = '', headers = {}, lines = [], signed }: RawOptions = {},
): Buffer {
  const [method = '', path = ''] = line.split(' ')
  const target = path.includes('api-version=')
    ? path
    : `${path}${path.includes('?') ? '&' : '?'}api-version=${API_VERSION}`
  const usual = {
    'content-length': method === 'GET' || method === 'HEAD' ? undefined : String(Buffer.byteLength(body)),
    'ocp-date': new Date().toUTCString(),
    ...headers,
  }
  const sent = Object.fromEntries(
    Object.entries(usual).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const signature = createHmac('sha256', Buffer.from(peer.key, 'base64'))
    .update(stringToSign(method, signed ?? target, sent, peer.account), 'utf8')
    .digest('base64')
  const head = [
    `${method} ${target} HTTP/1.1`,
    ...('host' in headers ? [] : [`Host: ${new URL(peer.url).host}`]),
    ...Object.entries(sent).map(([name, value]) => `${name}: ${value}`),
    `Authorization: SharedKey ${peer.account}:${signature}`,
    ...lines,
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)])
}

/** A connection to the server, once it stands. */
export function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Sends bytes and resolves to all that comes until the server ends the connection. */
export async function exchange(url: string, bytes: string | Buffer): Promise<string> {
  const socket = await openSocket(url)
  const chunks: Buffer[] = []
  return new Promise((resolve) => {
    const finish = (): void => resolve(Buffer.concat(chunks).toString('latin1'))
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', finish).on('close', finish)
    socket.write(bytes)
  })
}

/** The status of each answer in the bytes of a connection. */
export function statusesOf(text: string): number[] {
  return Array.from(text.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => Number(status))
}
