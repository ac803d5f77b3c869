import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chooseEncoding, createAssets } from './assets.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'malachite-assets-'))
  writeFileSync(join(directory, 'app.js'), 'export {}')
  writeFileSync(join(directory, 'plot-0AB1C2D3.js'), 'export {}')
  writeFileSync(join(directory, 'secret.txt'), 'not an asset')
})
afterEach(() => rmSync(directory, { recursive: true }))

test('serves scripts, styles and pictures only', async () => {
  const assets = await createAssets(directory)()
  expect([...assets.keys()].sort()).toEqual(['app.js', 'plot-0AB1C2D3.js'])
})

test('knows which names change with their content', async () => {
  const assets = await createAssets(directory)()
  expect(assets.get('app.js')?.isNamedByContent).toBe(false)
  expect(assets.get('plot-0AB1C2D3.js')?.isNamedByContent).toBe(true)
})

test('packs a file in each way once', async () => {
  const asset = (await createAssets(directory)()).get('app.js')
  const [br, gzip, plain] = await Promise.all([
    asset?.bytes('br'),
    asset?.bytes('gzip'),
    asset?.bytes('identity'),
  ])
  expect(brotliDecompressSync(br ?? '').toString()).toBe('export {}')
  expect(gunzipSync(gzip ?? '').toString()).toBe('export {}')
  expect(plain?.toString()).toBe('export {}')
  expect(await asset?.bytes('br')).toBe(br)
})

test('reads the files again when they were made anew', async () => {
  const read = createAssets(directory)
  const before = (await read()).get('app.js')?.hash
  expect((await read()).get('app.js')?.hash).toBe(before)
  writeFileSync(join(directory, 'app.js'), 'export { }')
  utimesSync(join(directory, 'app.js'), new Date(), new Date(Date.now() + 5000))
  expect((await read()).get('app.js')?.hash).not.toBe(before)
})

test.each([
  [undefined, 'identity'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip;q=0.5', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['identity', 'identity'],
] as const)('of "%s" it takes %s', (accepted, encoding) => expect(chooseEncoding(accepted)).toBe(encoding))
