// What is under way on the nodes, so that it can be ended: by its try, by its node, or all of it.

/** Work that stops when its signal is aborted, and never rejects. */
export type Work = (signal: AbortSignal) => Promise<void>

/** The register of what is under way. */
export interface Activities {
  /** Starts work on a node; `run` names it for `end`. */
  start(nodeId: string, work: Work, run?: number): void
  /** Asks the work of that name to stop; does nothing when it is over. */
  end(run: number): void
  /** Asks everything on a node to stop and waits until it has. */
  endNode(nodeId: string): Promise<void>
  /** The same for all nodes. */
  endAll(): Promise<void>
}

interface Activity {
  abort(): void
  ended: Promise<void>
}

/** An empty register. */
export function createActivities(): Activities {
  const byNode = new Map<string, Set<Activity>>()
  const byRun = new Map<number, Activity>()

  const endNode = async (nodeId: string): Promise<void> => {
    const onNode = [...(byNode.get(nodeId) ?? [])]
    for (const activity of onNode) activity.abort()
    await Promise.all(onNode.map(({ ended }) => ended))
  }
  return {
    start(nodeId, work, run) {
      const controller = new AbortController()
      const onNode = byNode.get(nodeId) ?? new Set()
      byNode.set(nodeId, onNode)
      const ended = work(controller.signal).then(() => {
        onNode.delete(activity)
        if (onNode.size === 0 && byNode.get(nodeId) === onNode) byNode.delete(nodeId)
        if (run !== undefined && byRun.get(run) === activity) byRun.delete(run)
      })
      const activity: Activity = { abort: () => controller.abort(), ended }
      onNode.add(activity)
      if (run !== undefined) byRun.set(run, activity)
    },
    end: (run) => byRun.get(run)?.abort(),
    endNode,
    async endAll() {
      await Promise.all(Array.from(byNode.keys(), endNode))
    },
  }
}
