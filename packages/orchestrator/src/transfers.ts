// Many transfers, few at a time: started in order, reported in order, and none left running when one fails.

import PQueue from 'p-queue'

/** How `transferAll` works through its items. */
export interface TransferPlan<Result> {
  /** Transfers that run at once. */
  concurrency: number
  signal?: AbortSignal | undefined
  /** Called for each result, in the order of the items. */
  onResult?: (result: Result) => void
}

/** The results of `transfer` for every item, in order. Rejects with the first error once all transfers have stopped. */
export async function transferAll<Item, Result>(
  items: readonly Item[],
  plan: TransferPlan<Result>,
  transfer: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const queue = new PQueue({ concurrency: plan.concurrency })
  const stop = new AbortController()
  const signal = plan.signal ? AbortSignal.any([plan.signal, stop.signal]) : stop.signal
  const start = (item: Item): Promise<Result> => {
    // Not the queue's own `signal` option: it would settle a transfer that is still running.
    signal.throwIfAborted()
    return transfer(item, signal)
  }
  const transfers = items.map((item) => queue.add(() => start(item)))
  const settled = Promise.allSettled(transfers)
  try {
    const results: Result[] = []
    for (const pending of transfers) {
      const result = await pending
      plan.onResult?.(result)
      results.push(result)
    }
    return results
  } catch (error) {
    stop.abort(error)
    await settled
    throw error
  }
}
