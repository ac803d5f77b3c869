// The frame of every chart and the few elements that charts are made of. A chart brings its own background, so that it can
// be read on any page, and darker colours for those who prefer them.

/** Pixels; a page shows it as wide as it is. */
export const WIDTH = 860

const STYLE = `
text { font: 14px system-ui, sans-serif; fill: #1f2933 }
.title { font-size: 16px; font-weight: 600 }
.quiet { font-size: 13px; fill: #52606d }
.background { fill: #ffffff; stroke: #d3dae0 }
.grid { stroke: #dde3e8 }
.axis { stroke: #7b8794 }
.ours { fill: #0b62a4 }
.peer { fill: #8d99a6 }
.worse { fill: #c2571a }
.halo { stroke: #ffffff; stroke-width: 5 }
.spread { stroke: #1f2933; stroke-width: 1.5 }
.line { stroke-width: 2.5 }
.line.ours { fill: none; stroke: #0b62a4 }
.line.peer { fill: none; stroke: #c2571a; stroke-dasharray: 7 4 }
.dot.peer { fill: #c2571a }
.limit { stroke: #b3261e; stroke-dasharray: 3 4; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e4e9ee }
  .quiet { fill: #a9b4bf }
  .background { fill: #12181f; stroke: #323c47 }
  .grid { stroke: #29323c }
  .axis { stroke: #7b8794 }
  .ours { fill: #58a9e0 }
  .peer { fill: #6b7885 }
  .worse { fill: #e58a52 }
  .halo { stroke: #12181f }
  .spread { stroke: #f5f7fa }
  .line.ours { fill: none; stroke: #58a9e0 }
  .line.peer { fill: none; stroke: #e58a52 }
  .dot.peer { fill: #e58a52 }
  .limit { stroke: #f28b82 }
}`

/** What a chart says in words. */
export interface Words {
  title: string
  /** The figures in a sentence, for those who do not see the picture. */
  description: string
}

/** The text of an SVG file. */
export function picture({ title, description }: Words, height: number, body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title description">`,
    element('title', { id: 'title' }, title),
    element('desc', { id: 'description' }, description),
    `<style>${STYLE}\n</style>`,
    element('rect', {
      class: 'background',
      x: 0.5,
      y: 0.5,
      width: WIDTH - 1,
      height: height - 1,
      rx: 6,
    }),
    text(20, 30, title, { class: 'title' }),
    ...body,
    '</svg>',
    '',
  ].join('\n')
}

/** Pixels from the left and from the top. */
export type Point = readonly [x: number, y: number]

type Attributes = Readonly<Record<string, string | number>>

/** Text whose baseline begins at a point. */
export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, content)
}

/** A straight line between two points. */
export function line(from: Point, to: Point, kind: string): string {
  return element('path', { class: kind, d: pathOf([from, to]) })
}

/** From the least to the most of the rounds, to be seen on a bar as well as beside it. */
export function spreadMark(from: Point, to: Point): string[] {
  return from[0] === to[0] ? [] : [line(from, to, 'halo'), line(from, to, 'spread')]
}

/** The `d` of a path through these points. */
export function pathOf(points: readonly Point[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${n(x)} ${n(y)}`).join('')
}

/** An element with escaped text. */
export function element(name: string, attributes: Attributes, content?: string): string {
  const all = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? n(value) : escape(value)}"`,
  )
  return content === undefined
    ? `<${name}${all.join('')}/>`
    : `<${name}${all.join('')}>${escape(content)}</${name}>`
}

function escape(value: string): string {
  return value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function n(value: number): string {
  return String(Number(value.toFixed(1)))
}
