// Makes a failing sequence short by leaving out parts of it: operations need nothing of each other.

/** The shortest list found that still fails; large parts are left out first, then single items, until none can be. */
export function shorten<Item>(
  list: readonly Item[],
  fails: (list: readonly Item[]) => boolean,
): readonly Item[] {
  let shortest = list
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    const before = shortest.length
    for (let from = shortest.length - size; from > -size; from -= size) {
      const rest = shortest.filter((_, i) => i < from || i >= from + size)
      if (rest.length < shortest.length && fails(rest)) shortest = rest
    }
    if (size === 1 && shortest.length < before) size = 2
  }
  return shortest
}
