// Job schedules: status, headers and key order of every operation, conditions, lists, and what the states allow.

import { expect, test } from 'vitest'
import { expectError, expectStamp, expectSuccess, HEAD, PREVIOUS } from './expectations.ts'
import {
  items,
  jobOf,
  must,
  openProtocol,
  scheduleOf,
  until,
  type Answer,
  type Json,
  type Stamped,
} from './helpers.ts'

const { call, url } = await openProtocol()

const REST = ['schedule', 'jobSpecification', 'executionInfo']
const NOW = { schedule: {} }

const add = (id: string, more?: object): Promise<Answer> =>
  must(call('POST /jobschedules', { json: scheduleOf(id, more) }))
const read = async (id: string): Promise<Stamped> => (await must(call(`GET /jobschedules/${id}`))).json()
const inState = (id: string, state: string): Promise<Json> =>
  until(call, `/jobschedules/${id}`, (schedule) => schedule['state'] === state)

test('a new job schedule is at its own URL', async () => {
  const answer = await add('created')
  expectSuccess(answer, 201, 'E L D')
  const location = `${url}/jobschedules/created`
  expect(answer.headers).toMatchObject({ location, dataserviceid: location })
})

test('GET answers the members in the service’s order, those of the job specification in theirs', async () => {
  await add('read', { displayName: undefined })
  const answer = await call('GET /jobschedules/read')
  expectSuccess(answer, 200, 'E J')
  const body = answer.json<Stamped>()
  expect(Object.keys(body)).toEqual([...HEAD, ...REST])
  expectStamp(answer, body)
  expect(body).toMatchObject({
    'odata.metadata': `${url}/$metadata#jobschedules/@Element`,
    url: `${url}/jobschedules/read`,
    state: 'active',
    schedule: { doNotRunUntil: '2100-01-01T00:00:00Z', startWindow: 'PT6M' },
    jobSpecification: { priority: 0, poolInfo: { poolId: 'no-such-pool' } },
    executionInfo: { nextRunTime: '2100-01-01T00:00:00Z' },
  })
  expect(Object.keys(body['jobSpecification'] as object)).toEqual([
    'priority',
    'maxParallelTasks',
    'allowTaskPreemption',
    'usesTaskDependencies',
    'onAllTasksComplete',
    'onTaskFailure',
    'constraints',
    'poolInfo',
  ])
})

test('what a job schedule was given is echoed in its place', async () => {
  const metadata = [{ name: 'k', value: 'v' }]
  await add('full', { displayName: 'Full', metadata })
  const body = await read('full')
  expect(Object.keys(body)).toEqual([
    ...HEAD.slice(0, 2),
    'displayName',
    ...HEAD.slice(2),
    ...REST.slice(0, 2),
    'metadata',
    'executionInfo',
  ])
  expect(body).toMatchObject({ displayName: 'Full', metadata })
})

test('the first job of a schedule that is due is there by the first GET', async () => {
  await add('due', NOW)
  const { executionInfo } = await read('due')
  expect(executionInfo).toEqual({ recentJob: { url: `${url}/jobs/due:job-1`, id: 'due:job-1' } })
  const job = (await must(call('GET /jobs/DUE%3Ajob-1'))).json()
  expect(job).toMatchObject({ id: 'due:job-1', url: `${url}/jobs/due:job-1`, state: 'active' })
})

test('a job comes by itself when its time has come', async () => {
  const doNotRunUntil = new Date(Date.now() + 200).toISOString()
  await add('soon', { schedule: { doNotRunUntil } })
  expect(await read('soon')).toMatchObject({
    executionInfo: { nextRunTime: doNotRunUntil.replace(/\.?0+Z$/, 'Z') },
  })
  const jobs = await until(call, '/jobschedules/soon/jobs', (body) => items(body).length === 1)
  expect(Date.parse(String(items(jobs)[0]?.['creationTime']))).toBeGreaterThanOrEqual(
    Date.parse(doNotRunUntil),
  )
})

test('HEAD says whether a schedule exists', async () => {
  await add('here')
  expectSuccess(await call('HEAD /jobschedules/HERE'), 200, 'E')
  const missing = await call('HEAD /jobschedules/none')
  expect([missing.status, missing.text]).toEqual([404, ''])
})

test('a schedule that does not exist is told so by every operation', async () => {
  const json = { ...scheduleOf('none'), id: undefined }
  for (const line of ['GET ', 'DELETE ', 'GET /jobs', 'POST /disable', 'POST /enable', 'POST /terminate']) {
    const [verb = '', rest = ''] = line.split(' ')
    expectError(await call(`${verb} /jobschedules/none${rest}`), 404, 'JobScheduleNotFound', {})
  }
  expectError(await call('PATCH /jobschedules/none', { json: {} }), 404, 'JobScheduleNotFound', {})
  expectError(await call('PUT /jobschedules/none', { json }), 404, 'JobScheduleNotFound', {})
})

test('ids are unique among jobs and job schedules', async () => {
  await add('taken', NOW)
  await must(call('POST /jobs', { json: jobOf('job') }))
  const again = await call('POST /jobschedules', { json: scheduleOf('TAKEN') })
  expectError(again, 409, 'JobScheduleExists', {})
  const sameAsJob = await call('POST /jobschedules', { json: scheduleOf('Job') })
  expectError(sameAsJob, 409, 'JobWithSameIdExists', {})
  const sameAsSchedule = await call('POST /jobs', { json: jobOf('taken') })
  expectError(sameAsSchedule, 409, 'JobScheduleWithSameIdExists', {})
})

test('PATCH replaces what it names, PUT everything', async () => {
  await add('edited', { displayName: 'E', metadata: [{ name: 'k', value: 'v' }] })
  const before = await read('edited')
  const patch = await call('PATCH /jobschedules/edited', {
    json: { schedule: { recurrenceInterval: 'PT1H' } },
  })
  expectSuccess(patch, 200, 'E D')
  expect(patch.headers['dataserviceid']).toBe(`${url}/jobschedules/edited`)
  const patched = await read('edited')
  expect(patched.eTag).not.toBe(before.eTag)
  expect(patched).toMatchObject({ schedule: { recurrenceInterval: 'PT1H' }, metadata: before['metadata'] })
  const json = { schedule: {}, jobSpecification: { poolInfo: { poolId: 'other' }, priority: 1 } }
  expectSuccess(await call('PUT /jobschedules/edited', { json }), 200, 'E D')
  const put = await read('edited')
  expect(put).toMatchObject({ displayName: 'E', schedule: {}, jobSpecification: { priority: 1 } })
  expect(put).not.toHaveProperty('metadata')
})

test.each([
  [{ id: 'x', jobSpecification: {} }, 'MissingRequiredProperty', 'schedule'],
  [{ id: 'x', schedule: {} }, 'MissingRequiredProperty', 'jobSpecification'],
  [{ id: 'x', schedule: {}, jobSpecification: {} }, 'MissingRequiredProperty', 'poolInfo'],
  [scheduleOf('x', { schedule: { startWindow: 'PT30S' } }), 'InvalidPropertyValue', 'startWindow'],
  [
    scheduleOf('x', { schedule: { recurrenceInterval: 'PT0S' } }),
    'InvalidPropertyValue',
    'recurrenceInterval',
  ],
  [scheduleOf('x', { schedule: { every: 'PT1H' } }), 'UnsupportedProperty', 'every'],
  [scheduleOf('x:y'), 'InvalidPropertyValue', 'id'],
])('a body such as %j is answered with 400 %s for %s', async (json, code, name) => {
  const answer = await call('POST /jobschedules', { json })
  expectError(answer, 400, code)
  expect(answer.json<{ values: Json[] }>().values[0]).toEqual({ key: 'PropertyName', value: name })
})

test('disable and enable are done when they are answered', async () => {
  await add('paused')
  const disabled = await call('POST /jobschedules/paused/disable')
  expectSuccess(disabled, 204, 'E D')
  expect(disabled.headers['dataserviceid']).toBe(`${url}/jobschedules/paused/disable`)
  const body = await read('paused')
  expect(Object.keys(body)).toEqual([...HEAD, ...PREVIOUS, ...REST])
  expect(body).toMatchObject({ state: 'disabled', previousState: 'active', eTag: disabled.headers['etag'] })
  expectError(await call('POST /jobschedules/paused/disable'), 409, 'JobScheduleDisabled', {})
  expectSuccess(await call('POST /jobschedules/paused/enable'), 204, 'E D')
  expect(await read('paused')).toMatchObject({ state: 'active', previousState: 'disabled' })
})

test('terminate ends the job with the reason that was recorded, then nothing more is accepted', async () => {
  await add('ended', NOW)
  expectSuccess(await call('POST /jobschedules/ended/terminate'), 202, 'E D')
  const body = await inState('ended', 'completed')
  expect(body).toMatchObject({ previousState: 'active', executionInfo: { endTime: expect.any(String) } })
  expect((await must(call('GET /jobs/ended:job-1'))).json()).toMatchObject({
    state: 'completed',
    executionInfo: { terminateReason: 'TerminateWorkitem' },
  })
  for (const verb of ['disable', 'enable', 'terminate']) {
    expectError(await call(`POST /jobschedules/ended/${verb}`), 409, 'JobScheduleCompleted', {})
  }
})

test('DELETE takes the jobs along', async () => {
  await add('gone', NOW)
  expectSuccess(await call('DELETE /jobschedules/gone'), 202, '')
  await until(call, '/jobschedules/gone', (_, answer) => answer.status === 404)
  expectError(await call('GET /jobs/gone:job-1'), 404, 'JobNotFound', {})
})

test('force is an option of later versions', async () => {
  await add('forced', NOW)
  const terminate = 'POST /jobschedules/forced/terminate?force=true'
  expectError(await call(terminate), 400, 'UnsupportedQueryParameter')
  const later = { version: '2024-07-01.20.0' }
  expectSuccess(await call(terminate, later), 202, 'E D')
  expectSuccess(await call('DELETE /jobschedules/forced?force=true', later), 202, '')
})

test('conditions hold for job schedules as for all resources', async () => {
  await add('watched')
  const { eTag } = await read('watched')
  const stale = { headers: { 'if-match': '0x8DA9061B2F7BB2F' } }
  for (const line of ['DELETE ', 'POST /disable', 'POST /terminate', 'PATCH ']) {
    const [verb = '', rest = ''] = line.split(' ')
    const answer = await call(`${verb} /jobschedules/watched${rest}`, { ...stale, json: {} })
    expectError(answer, 412, 'ConditionNotMet', {})
  }
  const unchanged = await call('GET /jobschedules/watched', { headers: { 'if-none-match': eTag } })
  expect([unchanged.status, unchanged.text]).toEqual([304, ''])
  expectSuccess(await call('HEAD /jobschedules/watched', { headers: { 'if-match': eTag } }), 200, 'E')
  expectError(
    await call('POST /jobschedules/none/enable', { headers: { 'if-match': '*' } }),
    404,
    'JobScheduleNotFound',
  )
})

test('lists are filtered, selected and cut into pages', async () => {
  for (const id of ['list-b', 'list-a', 'list-c']) await add(id)
  await must(call('POST /jobschedules/list-c/disable'))
  const active = "$filter=startswith(id,'list-') and state eq 'Active'"
  const answer = await call(`GET /jobschedules?${active}&maxresults=1&$select=id,state&$expand=stats`)
  expectSuccess(answer, 200, 'J')
  const page = answer.json()
  expect(page).toMatchObject({ 'odata.metadata': `${url}/$metadata#jobschedules` })
  expect(items(page)).toEqual([{ id: 'list-a', state: 'active' }])
  const next = String(page['odata.nextLink']).slice(url.length)
  const last = (await must(call(`GET ${next}`, { version: false }))).json()
  expect(items(last)).toEqual([{ id: 'list-b', state: 'active' }])
  expect(last).not.toHaveProperty('odata.nextLink')
  const selected = (await must(call('GET /jobschedules/list-a?$select=executionInfo,url'))).json()
  expect(Object.keys(selected)).toEqual(['odata.metadata', 'url', 'executionInfo'])
  const unknown = await call("GET /jobschedules?$filter=poolInfo/poolId eq 'p'")
  expectError(unknown, 400, 'InvalidQueryParameterValue')
})

test('the jobs of a schedule are listed like jobs', async () => {
  await add('owner', NOW)
  await add('idle')
  const answer = await call("GET /jobschedules/owner/jobs?$filter=state ne 'completed'")
  expectSuccess(answer, 200, 'J')
  const body = answer.json()
  expect(body['odata.metadata']).toBe(`${url}/$metadata#jobs`)
  expect(items(body)).toMatchObject([{ id: 'owner:job-1', url: `${url}/jobs/owner:job-1` }])
  const filter = "executionInfo/poolId eq 'other' or creationTime lt DateTime'2020-01-01'"
  expect(items((await must(call(`GET /jobschedules/owner/jobs?$filter=${filter}`))).json())).toEqual([])
  expect(items((await must(call('GET /jobschedules/idle/jobs'))).json())).toEqual([])
})

test('the pool that a job brings with it is written like a pool', async () => {
  const pool = {
    vmSize: 'STANDARD_D1_V2',
    virtualMachineConfiguration: {
      imageReference: { publisher: 'Canonical', offer: 'UbuntuServer', sku: '18.04-LTS' },
      nodeAgentSKUId: 'batch.node.ubuntu 18.04',
    },
    userAccounts: [{ name: 'u', password: 'secret' }],
  }
  const poolInfo = { autoPoolSpecification: { poolLifetimeOption: 'Job', autoPoolIdPrefix: 'auto', pool } }
  await add('auto', { schedule: {}, jobSpecification: { poolInfo } })
  const job = await must(call('GET /jobs/auto:job-1'))
  expect(job.json()).toMatchObject({
    poolInfo: {
      autoPoolSpecification: {
        autoPoolIdPrefix: 'auto',
        poolLifetimeOption: 'job',
        keepAlive: false,
        pool: { vmSize: 'standard_d1_v2', taskSchedulingPolicy: { nodeFillType: 'Spread' } },
      },
    },
    executionInfo: { poolId: expect.stringMatching(/^auto_[0-9A-F-]{36}$/) },
  })
  const schedule = await must(call('GET /jobschedules/auto'))
  expect(schedule.json()).toMatchObject({
    jobSpecification: {
      poolInfo: { autoPoolSpecification: { pool: { taskSchedulingPolicy: { nodeFillType: 'Spread' } } } },
    },
  })
  expect(job.text + schedule.text).not.toContain('secret')
})
