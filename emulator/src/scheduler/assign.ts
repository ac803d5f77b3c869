// Which waiting task goes to which node: a pure decision over the few rows that matter now.

/** A waiting task as the decision needs it. */
export interface Waiting {
  slots: number
  /** Nodes of which it needs one slot each, if it runs on several at once; else 0. */
  nodes: number
  /** Affinity id of the node it would like; it takes another one when that is full. */
  affinity: string | null
}

/** A node with free slots. */
export interface Offer {
  affinityId: string
  free: number
}

export interface Assignment<Task, Node> {
  task: Task
  node: Node
  /** The further nodes of a task that runs on several. */
  others: readonly Node[]
}

/**
 * Gives tasks, in their order, to nodes. `spread` takes the node with most free slots, `pack` the fullest one that
 * fits; ties go to the first. A task that fits nowhere is passed over, smaller ones behind it may go.
 */
export function assign<Task extends Waiting, Node extends Offer>(
  tasks: readonly Task[],
  nodes: readonly Node[],
  fill: 'spread' | 'pack',
): Assignment<Task, Node>[] {
  const free = new Map(nodes.map((node) => [node, node.free]))
  const assignments: Assignment<Task, Node>[] = []
  for (const task of tasks) {
    const node = task.nodes > free.size ? undefined : choose(task, free, fill)
    if (!node) continue
    take(free, node, task.slots)
    const others = task.nodes > 1 ? [...free.keys()].slice(0, task.nodes - 1) : NONE
    for (const other of others) take(free, other, task.slots)
    assignments.push({ task, node, others })
    if (free.size === 0) break
  }
  return assignments
}

const NONE: readonly never[] = []

function choose<Node extends Offer>(
  task: Waiting,
  free: ReadonlyMap<Node, number>,
  fill: 'spread' | 'pack',
): Node | undefined {
  let best: Node | undefined
  let bestFree = 0
  for (const [node, slots] of free) {
    if (slots < task.slots) continue
    if (node.affinityId === task.affinity) return node
    if (best === undefined || (fill === 'spread' ? slots > bestFree : slots < bestFree)) {
      best = node
      bestFree = slots
    }
  }
  return best
}

function take<Node extends Offer>(free: Map<Node, number>, node: Node, slots: number): void {
  const left = (free.get(node) ?? 0) - slots
  if (left > 0) free.set(node, left)
  else free.delete(node)
}
