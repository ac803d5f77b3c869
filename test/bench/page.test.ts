import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { drawFiles, foundPictures } from './page-files.ts'
import { drawPage } from './page.ts'
import { REPORT, RESULT } from './sample.ts'

test('docs/benchmarks.md and its pictures are what docs/benchmarks.json draws (npm run bench -- --docs)', () => {
  const files = drawFiles()
  for (const [path, text] of files)
    expect([basename(path), readFileSync(path, 'utf8')]).toEqual([basename(path), text])
  const drawn = [...files.keys()].filter((path) => path.endsWith('.svg'))
  expect(foundPictures().toSorted()).toEqual(drawn.toSorted())
})

test('the page shows each of its pictures', () => {
  const { text, pictures } = drawPage(REPORT)
  const shown = Array.from(text.matchAll(/\]\(images\/(.*?)\)/g), ([, name]) => name)
  expect(shown).toEqual([...pictures.keys()])
  expect(shown).toContain('benchmark-ratios.svg')
  expect(shown).toContain('benchmark-scale-memory.svg')
})

test('what is missed is told with its reason, what is kept is not', () => {
  const [, told] = drawPage(REPORT).text.split('## What is missed')
  expect(told).toContain('- **start, memory**: 96 MB, wanted ≤ 90 MB. Node itself takes 80 MB.')
  expect(told).not.toContain('**start, ready**')
})

test('the page says when a result is of a quick run or of a machine that did other things', () => {
  const { text } = drawPage({ results: [{ ...RESULT, form: 'quick', loadBefore: 6.2 }] })
  expect(text).toContain('**Quick**, with less of everything and few rounds: start.')
  expect(text).toContain('other programs used up to 6.2 cores')
  expect(text).toContain('`npm run bench -- --only start --quick`')
  expect(drawPage(REPORT).text).not.toMatch(/\*\*Quick\*\*|\*\*Not alone\*\*/)
})

test('machines are named once, with the benchmarks that ran on them when there are several', () => {
  const machine = { ...RESULT.machine, cores: 64 }
  const one = drawPage(REPORT).text
  expect(one).toContain('- Z80, 2 cores, 8 GB, CP/M 2.2 z80, Node v26.0.0, commit abc1234.')
  const two = drawPage({ results: [RESULT, { ...RESULT, name: 'latency', machine }] }).text
  expect(two).toContain('- start: Z80, 2 cores')
  expect(two).toContain('- latency: Z80, 64 cores')
})

test('a million tasks take the place of a hundred thousand in the pictures', () => {
  const million = {
    ...RESULT,
    name: 'million',
    series: [
      {
        chart: 'memory' as const,
        name: 'in memory',
        points: [
          [1000, 10],
          [1_000_000, 250],
        ] as [number, number][],
      },
      {
        chart: 'time per task' as const,
        name: 'in memory',
        points: [
          [1000, 50],
          [1_000_000, 55],
        ] as [number, number][],
      },
    ],
  }
  const { pictures } = drawPage({ results: [...REPORT.results, million] })
  expect(pictures.get('benchmark-scale-memory.svg')).toContain('250 at 1,000,000')
})
