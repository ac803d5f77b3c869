// The end of a file that a program writes, as it grows.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { formatBytes } from '../format.ts'
import { createLoader, type Loaded, type Loader } from '../loader.ts'
import { createTail, type TailState } from '../tail.ts'
import { toPlainText } from '../text.ts'
import { download } from './download.ts'
import { Empty, Panel } from './panel.tsx'
import { Refusal } from './problem.tsx'

const EVERY = 700

export interface LogProps {
  /** Path of the task or node in the service. */
  owner: string
  /** Of the file. */
  name: string
  /** On the panel. */
  title: string
  /** Whether something writes it. When that ends, it is read once more. */
  isLive: boolean
  /** Another try writes another file of the same name. */
  tryOf?: string
}

/** A live tail with its size, and a way to have the whole file. */
export function Log({ owner, name, title, isLive, tryOf = '' }: LogProps) {
  const { data, error } = useTail(`${owner} ${tryOf}`, owner, name, isLive)
  const save = data?.size !== undefined && (
    <button type="button" class="small" onClick={() => void download(owner, name)}>
      Download<span class="hidden-text"> {title}</span>
    </button>
  )
  const note = (
    <>
      {isLive && <span class="live-note">live</span>}
      {data?.size !== undefined && <span>{formatBytes(data.size)}</span>}
      {save}
    </>
  )
  return (
    <Panel title={title} note={note} class="log-panel">
      {error && <Refusal error={error} title={`Cannot read ${name}`} />}
      {data && <LogText label={title} state={data} isLive={isLive} />}
      {!data && !error && <p class="loading">Loading {name} …</p>}
    </Panel>
  )
}

function LogText({ label, state, isLive }: { label: string; state: TailState; isLive: boolean }) {
  const text = useMemo(
    () => (state.isBinary ? state.text : toPlainText(state.text)),
    [state.text, state.isBinary],
  )
  const { frame, onScroll } = useFollow(text)
  if (state.size === undefined)
    return <Empty>{isLive ? 'Nothing has been written yet.' : 'There is no such file.'}</Empty>
  if (state.size === 0) return <Empty>The file is empty.</Empty>
  return (
    <>
      {state.isBinary && <p class="cut">This is no text: its first bytes in hexadecimal.</p>}
      {state.skipped > 0 && !state.isBinary && (
        <p class="cut">
          The first {formatBytes(state.skipped)} are not shown; download the file to have all of it.
        </p>
      )}
      <pre class="log" ref={frame} tabIndex={0} role="region" aria-label={label} onScroll={onScroll}>
        {text}
      </pre>
    </>
  )
}

/** Stays at the end of a text that grows, unless its reader has scrolled up. */
function useFollow(text: string) {
  const frame = useRef<HTMLPreElement>(null)
  const isAtEnd = useRef(true)
  useEffect(() => {
    if (frame.current && isAtEnd.current) frame.current.scrollTop = frame.current.scrollHeight
  }, [text])
  const onScroll = (): void => {
    const { scrollTop = 0, clientHeight = 0, scrollHeight = 0 } = frame.current ?? {}
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < 8
  }
  return { frame, onScroll }
}

function useTail(key: string, owner: string, name: string, isLive: boolean): Loaded<TailState> {
  const read = useMemo(() => createTail(owner, name), [key, name])
  const [state, setState] = useState<Loaded<TailState>>({})
  const loader = useRef<Loader>(undefined)
  useEffect(() => {
    const created = createLoader<TailState>({
      load: read,
      onLoad: (data) => setState({ data }),
      onError: (error) => setState((old) => ({ ...old, error })),
      every: EVERY,
    })
    loader.current = created
    return created.stop
  }, [read])
  // The same loader before and after the end, so that no byte is read twice.
  useEffect(() => {
    loader.current?.refresh()
    const timer = isLive ? setInterval(() => loader.current?.refresh(), EVERY) : undefined
    return () => clearInterval(timer)
  }, [read, isLive])
  return state
}
