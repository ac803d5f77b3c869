// Autoscale over HTTP: status, headers and bodies of its three operations, and the members of a pool.

import { expect, test } from 'vitest'
import { expectError, expectStamp, expectSuccess } from './expectations.ts'
import { must, openProtocol, poolOf, until, type Answer, type Json, type Stamped } from './helpers.ts'

const { call, url } = await openProtocol()

const FORMULA = '$TargetDedicatedNodes=0;\n// none'

const add = (id: string, more?: object): Promise<Answer> => call('POST /pools', { json: poolOf(id, more) })
const read = async (id: string): Promise<Stamped> => (await must(call(`GET /pools/${id}`))).json()
const post = (id: string, verb: string, json?: object): Promise<Answer> =>
  call(`POST /pools/${id}/${verb}`, json === undefined ? {} : { json })

/** Adds a pool with a formula and waits until it is steady. */
async function addScaled(id: string, more: object = {}): Promise<Stamped> {
  await must(add(id, { enableAutoScale: true, autoScaleFormula: FORMULA, ...more }))
  return (await until(call, `/pools/${id}`, (pool) => pool['allocationState'] === 'steady')) as Stamped
}

/** Adds a pool without one and waits until it is steady. */
async function addSteady(id: string): Promise<Stamped> {
  await must(add(id))
  return (await until(call, `/pools/${id}`, (pool) => pool['allocationState'] === 'steady')) as Stamped
}

test('a new pool has its formula, the interval and the first evaluation in their places', async () => {
  const pool = await addScaled('new')
  const names = Object.keys(pool)
  const first = names.indexOf('enableAutoScale')
  expect(names.slice(first - 1, first + 5)).toEqual([
    'targetLowPriorityNodes',
    'enableAutoScale',
    'autoScaleFormula',
    'autoScaleEvaluationInterval',
    'autoScaleRun',
    'enableInterNodeCommunication',
  ])
  expect(pool).toMatchObject({
    enableAutoScale: true,
    autoScaleFormula: FORMULA,
    autoScaleEvaluationInterval: 'PT15M',
    autoScaleRun: {
      timestamp: pool['creationTime'],
      results: '$TargetDedicatedNodes=0;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
    },
  })
})

test('a formula makes the pool grow to real nodes', async () => {
  await addScaled('grows', { autoScaleFormula: '$TargetDedicatedNodes = 2' })
  expect(await read('grows')).toMatchObject({ targetDedicatedNodes: 2, currentDedicatedNodes: 2 })
})

test.each([
  ['targets', { targetDedicatedNodes: 1 }, 'InvalidPropertyValue', 'targetDedicatedNodes'],
  ['no formula', { autoScaleFormula: undefined }, 'MissingRequiredProperty', 'autoScaleFormula'],
  [
    'a short interval',
    { autoScaleEvaluationInterval: 'PT1M' },
    'InvalidPropertyValue',
    'autoScaleEvaluationInterval',
  ],
  [
    'a formula that cannot be read',
    { autoScaleFormula: '$x = (1' },
    'AutoScalingFormulaSyntaxError',
    'autoScaleFormula',
  ],
  [
    'a formula that is too long',
    { autoScaleFormula: ' '.repeat(8193) },
    'AutoScalingFormulaTooLong',
    'autoScaleFormula',
  ],
] as const)('a new pool with autoscale and %s is refused', async (_, more, code, name) => {
  const answer = await add('bad', { enableAutoScale: true, autoScaleFormula: FORMULA, ...more })
  expectError(answer, 400, code)
  expect(answer.json()['values']).toContainEqual({ key: 'PropertyName', value: name })
})

test('enabling is answered with the new stamp and shows at once', async () => {
  const before = await addSteady('enable')
  const answer = await post('enable', 'enableautoscale', {
    autoScaleFormula: FORMULA,
    autoScaleEvaluationInterval: 'PT06M',
  })
  expectSuccess(answer, 200, 'E D')
  expect(answer.headers['dataserviceid']).toBe(`${url}/pools/enable/enableautoscale`)
  const pool = await read('enable')
  expectStamp(answer, pool)
  expect(pool.eTag).not.toBe(before.eTag)
  expect(pool).toMatchObject({
    allocationState: 'steady',
    enableAutoScale: true,
    autoScaleFormula: FORMULA,
    autoScaleEvaluationInterval: 'PT6M',
  })
})

test('enabling twice within 30 seconds is refused; a refused request in between does not count', async () => {
  await addScaled('twice')
  expectError(
    await post('twice', 'enableautoscale', { autoScaleEvaluationInterval: 'PT1M' }),
    400,
    'InvalidPropertyValue',
  )
  expectSuccess(await post('twice', 'enableautoscale', { autoScaleEvaluationInterval: 'PT6M' }), 200, 'E D')
  expectError(
    await post('twice', 'enableautoscale', { autoScaleFormula: FORMULA }),
    503,
    'TooManyEnableAutoScaleRequests',
  )
  expect(await read('twice')).toMatchObject({
    autoScaleFormula: FORMULA,
    autoScaleEvaluationInterval: 'PT6M',
  })
})

test('enabling understands the conditional headers', async () => {
  await addSteady('condition')
  const headers = { 'if-match': '0x8D0' }
  const answer = await call('POST /pools/condition/enableautoscale', {
    json: { autoScaleFormula: FORMULA },
    headers,
  })
  expectError(answer, 412, 'ConditionNotMet')
})

test('enabling needs a formula when the pool has none', async () => {
  await addSteady('none')
  const answer = await post('none', 'enableautoscale', { autoScaleEvaluationInterval: 'PT6M' })
  expectError(answer, 400, 'MissingRequiredProperty', { PropertyName: 'autoScaleFormula' })
})

test('evaluating is answered with the run, without an ETag', async () => {
  await addScaled('evaluate')
  const formula = '$TargetDedicatedNodes=3; myVar = time("2026-01-02")'
  const answer = await post('evaluate', 'evaluateautoscale', { autoScaleFormula: formula })
  expectSuccess(answer, 200, 'J D')
  const body = answer.json()
  expect(Object.keys(body)).toEqual(['odata.metadata', 'timestamp', 'results'])
  expect(body).toMatchObject({
    'odata.metadata': `${url}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.AutoScaleRun`,
    results:
      '$TargetDedicatedNodes=3;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue;myVar=2026-01-02T00:00:00.000Z',
  })
  expect(await read('evaluate')).toMatchObject({ autoScaleFormula: FORMULA, targetDedicatedNodes: 0 })
})

test('what is wrong with a formula that is tried comes with status 200', async () => {
  await addScaled('wrong')
  const answer = await post('wrong', 'evaluateautoscale', { autoScaleFormula: '$something_useless' })
  expectSuccess(answer, 200, 'J D')
  expect(answer.json()).toMatchObject({
    results: '$TargetDedicatedNodes=0;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
    error: {
      code: 'AutoScalingFormulaEvaluationError',
      message: 'The specified auto-scaling formula has evaluation error',
      values: [{ name: 'Message', value: 'Line 1, Col 1: Undefined symbol: $something_useless' }],
    },
  })
  expectError(
    await post('wrong', 'evaluateautoscale', { autoScaleFormula: '1 +' }),
    400,
    'AutoScalingFormulaSyntaxError',
  )
  expectError(await post('wrong', 'evaluateautoscale', {}), 400, 'MissingRequiredProperty')
})

test('evaluating and resizing by hand exclude each other', async () => {
  await addSteady('manual')
  await addScaled('automatic')
  const evaluation = { autoScaleFormula: FORMULA }
  expectError(await post('manual', 'evaluateautoscale', evaluation), 409, 'OperationNotValidOnPool')
  expectError(await post('automatic', 'resize', { targetDedicatedNodes: 1 }), 409, 'OperationNotValidOnPool')
})

test('disabling is answered with the new stamp; formula and run are gone', async () => {
  const before = await addScaled('disable')
  const answer = await post('disable', 'disableautoscale')
  expectSuccess(answer, 200, 'E D')
  expect(answer.headers['dataserviceid']).toBe(`${url}/pools/disable/disableautoscale`)
  const pool: Json & Stamped = await read('disable')
  expectStamp(answer, pool)
  expect(pool.eTag).not.toBe(before.eTag)
  expect(pool).toMatchObject({ enableAutoScale: false, allocationState: 'steady' })
  expect(Object.keys(pool).filter((name) => name.startsWith('autoScale'))).toEqual([])
})

test.each(['enableautoscale', 'disableautoscale', 'evaluateautoscale'])(
  '%s of an unknown pool is 404',
  async (verb) => {
    expectError(await post('no-such-pool', verb, { autoScaleFormula: FORMULA }), 404, 'PoolNotFound')
  },
)
