// The files of a task or node: a list to look through, a preview of one, and downloads.

import { useState } from 'preact/hooks'
import { listFiles, type FileView } from '../api.ts'
import type { Topic } from '../changes.ts'
import { formatBytes, plural } from '../format.ts'
import { useResource } from '../resource.ts'
import { download } from './download.ts'
import { FilePreview } from './file-preview.tsx'
import { Empty, Panel } from './panel.tsx'
import { Loaded } from './problem.tsx'
import { Table, type Column } from './table.tsx'
import { Time } from './time.tsx'

const MOST = 1000

export interface FilesProps {
  /** Path of the task or node in the service. */
  owner: string
  topics: readonly Topic[]
}

/** A file browser; directories are part of the names. */
export function Files({ owner, topics }: FilesProps) {
  const [search, setSearch] = useState('')
  const [opened, setOpened] = useState<FileView>()
  const listed = useResource({
    key: owner,
    load: (signal) => listFiles(owner, MOST, signal),
    topics,
    every: 3000,
  })
  const note = (
    <>
      <label class="inline-field">
        <span class="hidden-text">Find files by name</span>
        <input
          type="search"
          placeholder="Find"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </label>
      <button type="button" class="small" onClick={listed.refresh}>
        Refresh<span class="hidden-text"> the list of files</span>
      </button>
    </>
  )
  return (
    <Panel title="Files" note={note}>
      <Loaded from={listed} what="the files">
        {({ items, isCut }) => (
          <>
            <FileTable items={items} search={search} owner={owner} onOpen={setOpened} />
            {isCut && <p class="cut">The first {plural(MOST, 'file')} are listed.</p>}
          </>
        )}
      </Loaded>
      {opened && (
        <FilePreview key={opened.name} owner={owner} file={opened} onClose={() => setOpened(undefined)} />
      )}
    </Panel>
  )
}

interface FileTableProps {
  items: readonly FileView[]
  search: string
  owner: string
  onOpen: (file: FileView) => void
}

function FileTable({ items, search, owner, onOpen }: FileTableProps) {
  const files = items.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()))
  if (files.length === 0) return <Empty>No files{search && ' with such a name'}.</Empty>
  const columns: Column<FileView>[] = [
    {
      name: 'Name',
      kind: 'wide',
      cell: (file) => (
        <button type="button" class="link mono" onClick={() => onOpen(file)}>
          {file.name}
        </button>
      ),
    },
    { name: 'Size', kind: 'number', cell: ({ size }) => formatBytes(size) },
    { name: 'Modified', kind: 'minor', cell: ({ lastModified }) => <Time at={lastModified} /> },
    {
      name: 'Save',
      kind: 'number',
      cell: ({ name }) => (
        <button type="button" class="small" onClick={() => void download(owner, name)}>
          Download<span class="hidden-text"> {name}</span>
        </button>
      ),
    },
  ]
  return <Table label="Files" columns={columns} rows={files} keyOf={({ name }) => name} />
}
