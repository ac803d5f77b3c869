// Many transfers, few at a time: started in order, reported in order, and none left running when one fails. However many
// there are, only a window of them is in memory.

import PQueue from 'p-queue'

/** How `transferAll` works through its items. */
export interface TransferPlan<Result> {
  /** Transfers that run at once. */
  concurrency: number
  signal?: AbortSignal | undefined
  /** Called for each result, in the order of the items. */
  onResult?: (result: Result) => void
}

/** Items in memory for each transfer that may run: those that are done wait there for a slow one before them. */
const WINDOW = 8

/** Performs `transfer` for every item. Rejects with the first error once all transfers have stopped. */
export async function transferAll<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  plan: TransferPlan<Result>,
  transfer: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<void> {
  const queue = new PQueue({ concurrency: plan.concurrency })
  const stop = new AbortController()
  const signal = plan.signal ? AbortSignal.any([plan.signal, stop.signal]) : stop.signal
  const pending: Promise<Result>[] = []

  function start(item: Item): void {
    const result = queue.add(() => {
      // Not the queue's own `signal` option: it would settle a transfer that is still running.
      signal.throwIfAborted()
      return transfer(item, signal)
    })
    result.catch((error: unknown) => stop.abort(error))
    pending.push(result)
  }

  async function tellFirst(): Promise<void> {
    const [first] = pending
    if (!first) return
    const result = await first
    void pending.shift()
    plan.onResult?.(result)
  }

  try {
    for await (const item of items) {
      start(item)
      if (pending.length >= plan.concurrency * WINDOW) await tellFirst()
    }
    while (pending.length > 0) await tellFirst()
  } catch (error) {
    stop.abort(error)
    await Promise.allSettled(pending)
    throw error
  }
}
