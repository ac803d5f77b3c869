// $expand=stats: statistics inside the resource that they are of. They are read only for those who want to see them.

import type { Call } from './context.ts'
import { readSelect } from './select.ts'

/** The body with its statistics if the request asks for them and there are any; `url` is the resource's. */
export function withStats(
  { query }: Pick<Call, 'query'>,
  body: object,
  url: string,
  read: () => object | undefined,
): object {
  const isExpanded = query.get('$expand')?.trim() === 'stats'
  if (!isExpanded || readSelect(query)?.includes('stats') === false) return body
  const stats = read()
  return stats ? { ...body, stats: { url: `${url}/stats`, ...stats } } : body
}
