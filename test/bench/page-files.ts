// Where the page about the benchmarks and its pictures are, and how they get there.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { drawPage } from './page.ts'
import { parseReport } from './report.ts'

/** The folder of the documentation. */
const DOCS = join(import.meta.dirname, '../../docs')
const IMAGES = join(DOCS, 'images')

/** The files that the kept results draw, by their paths. Throws a sentence when there are no results. */
export function drawFiles(): Map<string, string> {
  const { text, pictures } = drawPage(parseReport(readFileSync(join(DOCS, 'benchmarks.json'), 'utf8')))
  const images = Array.from(pictures, ([name, svg]): [string, string] => [join(IMAGES, name), svg])
  return new Map([[join(DOCS, 'benchmarks.md'), text], ...images])
}

/** Pictures of benchmarks that are there. */
export function foundPictures(): string[] {
  const names = readdirSync(IMAGES).filter((name) => /^benchmark-.*\.svg$/.test(name))
  return names.map((name) => join(IMAGES, name))
}

/** Writes the page, deletes pictures that it no longer has, and tells which files it wrote. */
export function writePage(): string[] {
  const files = drawFiles()
  for (const path of foundPictures()) if (!files.has(path)) rmSync(path)
  for (const [path, text] of files) writeFileSync(path, text)
  return [...files.keys()].map((path) => relative(process.cwd(), path))
}
