// Request targets: paths, queries and the options of lists.

import { ROUTES } from '@malachite/emulator'
import { readListQuery } from '../../../emulator/src/http/list.ts'
import { foldNames, requireKnownOptions } from '../../../emulator/src/http/query-options.ts'
import { createRouter } from '../../../emulator/src/http/router.ts'
import { parseTarget } from '../../../emulator/src/http/target.ts'
import { readRange } from '../../../emulator/src/http/file-query.ts'
import { pageOf } from '../../../emulator/src/odata/page.ts'
import { defineTarget, orRefused, type Target } from '../target.ts'
import { type Language, makeText, wordsOf } from '../texts.ts'

const URLS: Language = {
  valid: [
    '/pools?api-version=2022-10-01.16.0&$filter=id%20eq%20%27a%27&maxresults=10',
    '/jobs/j/tasks/t/files/wd%2Fout.txt?timeout=30',
    '/certificates(thumbprintAlgorithm=sha1,thumbprint=ab)/canceldelete',
    '/pools/p/nodes/n/files/startup/../../x%5cy',
    'http://127.0.0.1:10003/jobschedules/s/jobs?$select=id,state&$expand=stats&$skiptoken=3:YQ',
    '/jobs/s:job-1/addtaskcollection?$filter=&&=&a',
    '/malachite/why/jobs/j/tasks/t',
  ],
  words: wordsOf(
    `
      / // ? & = # % %2F %5C %00 %25 %c3%28 %zz .. . ( ) , : pools jobs tasks nodes files certificates(
      thumbprint= api-version= $select= $filter= $skiptoken= maxresults= 1001 -5 recursive=true __proto__
      constructor toString= + http://`,
  ),
}

/** The target of a request, with one of the verbs. */
export function openUrls(): Target {
  const findRoute = createRouter(ROUTES)
  return defineTarget({
    name: 'urls',
    make: (random) => ({
      verb: random.pick(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE']),
      url: makeText(random, URLS),
    }),
    check({ verb, url }) {
      const target = orRefused(() => parseTarget(url))
      if (!target) return
      const query = foldNames(target.query)
      const match = orRefused(() => findRoute(verb, target.path))
      if (match) orRefused(() => requireKnownOptions(match.route.operation, '2022-10-01.16.0', query))
      const list = orRefused(() => readListQuery(query))
      if (list) orRefused(() => pageOf(['a', 'b', 'c'], list, (item) => item))
      orRefused(() => readRange(query.get('ocp-range'), 10))
    },
  })
}
