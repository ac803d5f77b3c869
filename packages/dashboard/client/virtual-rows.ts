// The hook that draws only those rows of a long list that are seen.

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from '@tanstack/virtual-core'
import { useLayoutEffect, useReducer, useState } from 'preact/hooks'

export interface VirtualRows {
  rows: readonly VirtualItem[]
  /** Height of all rows, pixels. */
  height: number
}

export interface VirtualRowsOptions {
  count: number
  /** Of one row, pixels. */
  rowHeight: number
  /** The element that scrolls. */
  frame: { current: HTMLElement | null }
}

/** The rows that are seen, and a few around them. */
export function useVirtualRows({ count, rowHeight, frame }: VirtualRowsOptions): VirtualRows {
  const [, draw] = useReducer<number, undefined>((drawn) => drawn + 1, 0)
  const options = {
    count,
    estimateSize: () => rowHeight,
    getScrollElement: () => frame.current,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    overscan: 10,
    onChange: () => draw(undefined),
  }
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options))
  virtualizer.setOptions(options)
  // These two are what every adapter of the library calls.
  // oxlint-disable-next-line no-underscore-dangle
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer])
  // oxlint-disable-next-line no-underscore-dangle
  useLayoutEffect(() => virtualizer._willUpdate())
  return { rows: virtualizer.getVirtualItems(), height: virtualizer.getTotalSize() }
}
