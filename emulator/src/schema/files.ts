// Resource and output files, environment and user: the parts that tasks and start tasks share.

import * as v from 'valibot'
import {
  choice,
  list,
  members,
  memberPath,
  MISSING,
  nonEmpty,
  refused,
  systemText,
  text,
  url,
} from './common.ts'

const filePath = v.pipe(
  systemText,
  v.check(staysInside, 'must be a relative path that does not leave the working directory'),
)

// Both separators: the service's rules are those of Windows nodes, too.
function staysInside(path: string): boolean {
  return !/^([/\\]|[A-Za-z]:)/.test(path) && !path.split(/[/\\]/).includes('..')
}

const fileMode = v.pipe(text, v.regex(/^(0o)?[0-7]{3,4}$/, 'must be octal permissions such as 0755'))

const CONTAINERS = ['storageContainerUrl', 'autoStorageContainerName'] as const

/** A file, or the blobs of a container: exactly one of the three sources. */
export const resourceFile = v.pipe(
  members({
    autoStorageContainerName: v.exactOptional(nonEmpty),
    storageContainerUrl: v.exactOptional(url),
    httpUrl: v.exactOptional(url),
    blobPrefix: v.exactOptional(text),
    filePath: v.exactOptional(filePath),
    fileMode: v.exactOptional(fileMode),
    identityReference: refused('resourceFile.identityReference'),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const file = dataset.value
    const fail = (key: Extract<keyof typeof file, string>, message: string): void =>
      addIssue({ message, path: memberPath(file, key) })
    const [container, second] = CONTAINERS.filter((name) => file[name] !== undefined)
    if (second) fail(second, `must not be given with ${String(container)}`)
    else if (file.httpUrl === undefined) {
      if (!container) fail('httpUrl', MISSING)
    } else if (container) fail('httpUrl', `must not be given with ${container}`)
    else if (file.blobPrefix !== undefined) fail('blobPrefix', 'is only for containers, not for httpUrl')
    else if (file.filePath === undefined) fail('filePath', MISSING)
    else if (/(^|[/\\])$/.test(file.filePath)) fail('filePath', 'must name a file')
  }),
)

/** What is uploaded after a task. */
export const outputFile = members({
  filePattern: v.pipe(systemText, v.minLength(1, 'must not be empty')),
  destination: members({
    container: members({
      path: v.exactOptional(systemText),
      containerUrl: url,
      identityReference: refused('outputFile.identityReference'),
      uploadHeaders: v.exactOptional(list(members({ name: nonEmpty, value: v.exactOptional(text) }))),
    }),
  }),
  uploadOptions: members({
    uploadCondition: v.exactOptional(
      choice('tasksuccess', 'taskfailure', 'taskcompletion'),
      'taskcompletion',
    ),
  }),
})

/** A variable of the environment; without a value it is empty. */
export const environmentSetting = members({
  name: v.pipe(systemText, v.regex(/^[^=]+$/, 'must be a name without =')),
  value: v.exactOptional(systemText),
})

/** Who runs a command: exactly one of a named account and an automatic one. @default pool scope, not elevated */
export const userIdentity = v.exactOptional(
  v.pipe(
    members({
      username: v.exactOptional(nonEmpty),
      autoUser: v.exactOptional(
        members({
          scope: v.exactOptional(choice('pool', 'task'), 'pool'),
          elevationLevel: v.exactOptional(choice('nonadmin', 'admin'), 'nonadmin'),
        }),
      ),
    }),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return
      const { username, autoUser } = dataset.value
      if ((username === undefined) === (autoUser === undefined)) {
        addIssue({ message: 'must have exactly one of username and autoUser' })
      }
    }),
  ),
  { autoUser: {} },
)
