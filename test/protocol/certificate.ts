// A certificate for 127.0.0.1 and localhost, made for one test: nothing that could be trusted by mistake lies around.

import { generateKeyPairSync, sign } from 'node:crypto'

/** Certificate and key in PEM. */
export interface Certificate {
  cert: string
  key: string
}

const der = (tag: number, ...content: Uint8Array[]): Buffer => {
  const body = Buffer.concat(content)
  const short = body.length < 128
  const length = short ? [body.length] : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')
const sequence = (...content: Uint8Array[]): Buffer => der(0x30, ...content)
const time = (text: string): Buffer => der(0x17, Buffer.from(text))

const ECDSA_SHA256 = sequence(der(0x06, bytes('2a8648ce3d040302')))
const COMMON_NAME = der(0x06, bytes('550403'))
const ALTERNATIVE_NAMES = der(0x06, bytes('551d11'))

/** Signed by its own key, valid from 2020 to 2049. */
export function makeCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from('localhost')))))
  const names = sequence(der(0x87, bytes('7f000001')), der(0x82, Buffer.from('localhost')))
  const content = sequence(
    der(0xa0, der(0x02, bytes('02'))),
    der(0x02, bytes('01')),
    ECDSA_SHA256,
    name,
    sequence(time('200101000000Z'), time('491231000000Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(ALTERNATIVE_NAMES, der(0x04, names)))),
  )
  const signature = der(0x03, bytes('00'), sign('sha256', content, privateKey))
  const text = sequence(content, ECDSA_SHA256, signature).toString('base64').replaceAll(/.{64}/g, '$&\n')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  }
}
