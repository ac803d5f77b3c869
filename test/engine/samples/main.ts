// npm run sample: writes the sample of the present schema, `schema-<version>.sql`. Before a release the sample of its schema
// follows each edit of the tables; from the release on it never changes, and the next schema gets one of its own.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dumpDatabase } from './dump.ts'
import { fillWorld, openWorld } from './world.ts'

const directory = mkdtempSync(join(tmpdir(), 'malachite-sample-'))
const path = join(directory, 'batch.db')
const world = openWorld(path, { duration: 3000 })
fillWorld(world)
world.engine.close()
const text = dumpDatabase(path)
rmSync(directory, { recursive: true })
const version = /user_version = (\d+)/.exec(text)?.[1]
writeFileSync(join(import.meta.dirname, `schema-${version}.sql`), text)
console.log(`schema-${version}.sql: ${text.length.toLocaleString('en')} characters`)
