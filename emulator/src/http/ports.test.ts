import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { get, type IncomingMessage, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { createPorts } from './ports.ts'

const answerAddress: RequestListener = ({ socket }, response) => void response.end(socket.localAddress)

function openPorts(onRequest: RequestListener = answerAddress) {
  const ports = createPorts(onRequest)
  onTestFinished(() => ports.close())
  return ports
}

async function statusAt(host: string, port: number): Promise<number | undefined> {
  const [response] = (await once(get({ host, port, agent: false }), 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}

test('localhost is each of its addresses, at the same port', async () => {
  const ports = openPorts()
  const port = await ports.listen({ host: 'localhost', port: 0 })
  const addresses = await lookup('localhost', { all: true })
  expect(addresses.length).toBeGreaterThan(0)
  for (const { address } of addresses) expect(await statusAt(address, port)).toBe(200)
  await ports.close()
  for (const { address } of addresses) await expect(statusAt(address, port)).rejects.toThrow('ECONNREFUSED')
})

test('a port that is taken is told with node’s code', async () => {
  const port = await openPorts().listen({ host: '127.0.0.1', port: 0 })
  await expect(openPorts().listen({ host: '127.0.0.1', port })).rejects.toThrow('EADDRINUSE')
})

test('closing ends requests that nobody has answered', async () => {
  const asked = Promise.withResolvers<void>()
  const ports = openPorts(() => asked.resolve())
  const port = await ports.listen({ host: '127.0.0.1', port: 0 })
  const answer = statusAt('127.0.0.1', port).catch(({ message }: Error) => message)
  await asked.promise
  await ports.close()
  expect(await answer).toBe('socket hang up')
})

test('a certificate that is none is a mistake of the configuration', () => {
  expect(() => createPorts(answerAddress, { cert: 'none', key: 'none' })).toThrow(
    'The certificate and its key cannot be used',
  )
})
