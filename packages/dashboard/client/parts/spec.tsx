// What tasks and start tasks are made of.

import type { EnvironmentSetting, OutputFile, ResourceFile, Wire } from '@malachite/model'
import { plural } from '../format.ts'
import { toPlainText } from '../text.ts'
import { Code } from './panel.tsx'
import { Table } from './table.tsx'

/** A command line, as it was given. */
export function CommandLine({ text }: { text: string }) {
  return <Code label="Command line">{toPlainText(text)}</Code>
}

/** Variables that a task is given; folded, as there can be many. */
export function Environment({ settings }: { settings: readonly EnvironmentSetting[] | undefined }) {
  if (!settings || settings.length === 0) return null
  return (
    <details>
      <summary>Environment ({settings.length})</summary>
      <Table
        label="Environment"
        rows={settings}
        keyOf={({ name }) => name}
        columns={[
          { name: 'Name', cell: ({ name }) => <span class="mono">{name}</span> },
          {
            name: 'Value',
            kind: 'wide',
            cell: ({ value = '' }) => <span class="mono">{toPlainText(value)}</span>,
          },
        ]}
      />
    </details>
  )
}

/** Files that are fetched before a task. Signatures in addresses are nobody's business. */
export function ResourceFiles({ files }: { files: readonly Wire<ResourceFile>[] | undefined }) {
  if (!files || files.length === 0) return null
  return (
    <details open>
      <summary>{plural(files.length, 'resource file')}</summary>
      <Table
        label="Resource files"
        rows={files}
        keyOf={(file) => JSON.stringify(file)}
        columns={[
          {
            name: 'Place',
            cell: ({ filePath = '' }) => <span class="mono">{filePath || 'working directory'}</span>,
          },
          { name: 'From', kind: 'wide', cell: (file) => <span class="mono">{sourceOf(file)}</span> },
          { name: 'Mode', kind: 'minor', cell: ({ fileMode = '' }) => fileMode },
        ]}
      />
    </details>
  )
}

/** Files that are uploaded after a task. */
export function OutputFiles({ files }: { files: readonly Wire<OutputFile>[] | undefined }) {
  if (!files || files.length === 0) return null
  return (
    <details open>
      <summary>{plural(files.length, 'output file')}</summary>
      <Table
        label="Output files"
        rows={files}
        keyOf={(file) => JSON.stringify(file)}
        columns={[
          { name: 'Pattern', cell: ({ filePattern }) => <span class="mono">{filePattern}</span> },
          {
            name: 'To',
            kind: 'wide',
            cell: ({ destination: { container } }) => (
              <span class="mono">
                {[withoutQuery(container.containerUrl), container.path].filter(Boolean).join(' / ')}
              </span>
            ),
          },
          { name: 'When', kind: 'minor', cell: ({ uploadOptions }) => uploadOptions.uploadCondition },
        ]}
      />
    </details>
  )
}

function sourceOf({
  httpUrl,
  storageContainerUrl,
  autoStorageContainerName,
  blobPrefix,
}: Wire<ResourceFile>): string {
  const source = httpUrl ?? storageContainerUrl ?? `container ${autoStorageContainerName ?? ''}`
  return [withoutQuery(source), blobPrefix].filter(Boolean).join(' / ')
}

function withoutQuery(url: string): string {
  return url.split('?')[0] ?? url
}
