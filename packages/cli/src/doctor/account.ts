// Checks of the settings and of the service that they name.

import type { BatchSettings } from '@malachite/azure'
import { isBatchError } from '@malachite/model'
import type { Environment } from '../settings/environment.ts'
import type { ConnectionFlags } from '../program/connection-flags.ts'
import { hintFor } from '../text/failure.ts'
import type { Finding } from './finding.ts'

const PAIRS = [
  ['AZURE_BATCH_ACCOUNT', 'AZURE_BATCH_ACCOUNT_NAME'],
  ['AZURE_BATCH_ACCESS_KEY', 'AZURE_BATCH_ACCOUNT_KEY'],
] as const

/** Variables of az and of the SDKs that contradict each other: clients would use different accounts. */
export async function diagnoseVariables(environment: Environment): Promise<Finding[]> {
  const contradictions = PAIRS.filter(([az, sdk]) => {
    const [first, second] = [environment[az]?.trim(), environment[sdk]?.trim()]
    return first && second && first !== second
  })
  if (contradictions.length === 0) return [{ check: 'variables', level: 'ok', says: 'no contradictions' }]
  return contradictions.map(([az, sdk]) => ({
    check: 'variables',
    level: 'warning',
    says: `${az} and ${sdk} differ`,
    fix: `Set both alike, or only one: unset ${sdk}`,
  }))
}

/** The connection string of the storage account. */
export async function diagnoseStorage(
  environment: Environment,
  { backend }: ConnectionFlags,
): Promise<Finding[]> {
  const check = 'storage'
  const text = environment['AZURE_STORAGE_CONNECTION_STRING']?.trim()
  if (text) {
    try {
      const { parseConnectionString } = await import('@malachite/azure')
      parseConnectionString(text)
      return [{ check, level: 'ok', says: 'AZURE_STORAGE_CONNECTION_STRING is well formed' }]
    } catch (error) {
      return [
        {
          check,
          level: 'problem',
          says: (error as Error).message,
          fix: 'Copy it again from the portal or from az.',
        },
      ]
    }
  }
  if (
    backend !== 'azure' ||
    environment['AZURE_STORAGE_ACCOUNT'] ||
    environment['AZURE_STORAGE_ACCOUNT_NAME']
  )
    return [
      { check, level: 'ok', says: backend === 'azure' ? 'by its account name' : 'that of the emulator' },
    ]
  const fix =
    'Set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT: malachite run uploads files there.'
  return [{ check, level: 'warning', says: 'no storage account is set', fix }]
}

/** The key, whether the service accepts it, and how far its clock is from this one. */
export async function diagnoseAccount(settings: BatchSettings, flags: ConnectionFlags): Promise<Finding[]> {
  const { key, account, endpoint } = settings
  if (key !== undefined && !isBase64(key)) {
    const fix = 'Copy the whole key: az batch account keys list -n ACCOUNT -g GROUP --query primary'
    return [{ check: 'account', level: 'problem', says: `The key of ${account} is not base64.`, fix }]
  }
  const service = await diagnoseAccess(settings, flags)
  return [service, ...(service.check === 'service' ? [] : await diagnoseClock(endpoint))]
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0
}

async function diagnoseAccess(settings: BatchSettings, { backend }: ConnectionFlags): Promise<Finding> {
  const { account, endpoint } = settings
  const { createRestClient } = await import('@malachite/azure')
  const client = createRestClient({ ...settings, retry: { maxAttempts: 1 }, timeout: 10_000 })
  try {
    await client.list(['pools'], { query: { $select: 'id', maxresults: 1 } }).next()
    return { check: 'account', level: 'ok', says: `${account} at ${endpoint}` }
  } catch (error) {
    const { message } = error as Error
    const { hint } = hintFor(error)
    const isAway = isBatchError(error, 'ServiceUnreachable', 'InvalidResponse')
    if (isAway && backend !== 'azure') {
      const says = `no emulator answers at ${endpoint}`
      return { check: 'service', level: 'warning', says, fix: 'Start one with: malachite emulator --detach' }
    }
    const fix = hint ?? 'Check AZURE_BATCH_ENDPOINT, AZURE_BATCH_ACCOUNT and AZURE_BATCH_ACCESS_KEY.'
    return { check: isAway ? 'service' : 'account', level: 'problem', says: message, fix }
  } finally {
    await client.close()
  }
}

const ANSWER_MS = 10_000

async function diagnoseClock(endpoint: string): Promise<Finding[]> {
  const sent = Date.now()
  try {
    const answer = await fetch(endpoint, { signal: AbortSignal.timeout(ANSWER_MS), redirect: 'manual' })
    await answer.body?.cancel()
    const date = Date.parse(answer.headers.get('date') ?? '')
    return Number.isNaN(date) ? [] : [judgeClock(date - (sent + Date.now()) / 2)]
  } catch {
    return [] // the request with the key has told what there is to tell
  }
}

const SKEWED_MS = 60_000
/** The service refuses signatures that are older. */
const REFUSED_MS = 15 * 60_000

/** The finding for a service whose clock is so many milliseconds ahead. */
export function judgeClock(skewMs: number): Finding {
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  if (Math.abs(skewMs) < SKEWED_MS) return { check: 'clock', level: 'ok', says: 'as that of the service' }
  const says = `this machine is ${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} the service`
  const fix = 'Set the clock, for example: sudo timedatectl set-ntp true'
  return { check: 'clock', level: Math.abs(skewMs) > REFUSED_MS ? 'problem' : 'warning', says, fix }
}
