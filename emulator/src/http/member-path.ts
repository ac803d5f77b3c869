// Paths of members such as `dataDisks[].managedDisk`: looking them up, leaving them out, moving them. Nothing is changed
// in place; what a path does not meet is the same object afterwards, so that most bodies are not copied at all.

type Members = Record<string, unknown>

/** The steps of a path; `[]` stands for the items of a list. */
export type MemberPath = readonly string[]

/** Splits `a.b[].c` into its steps. */
export function readPath(path: string): MemberPath {
  return path.replaceAll('[]', '.[]').split('.')
}

/** True when a body has the member, in one item at least where the path goes through a list. */
export function hasMember(body: unknown, [step, ...rest]: MemberPath): boolean {
  if (step === undefined) return body !== undefined && body !== null
  if (step === '[]') return Array.isArray(body) && body.some((item) => hasMember(item, rest))
  return isObject(body) && Object.hasOwn(body, step) && hasMember(body[step], rest)
}

/** The body without a member. */
export function withoutMember<Body>(body: Body, path: MemberPath): Body {
  return editHolder(body, path.slice(0, -1), (holder) => without(holder, path.at(-1) ?? '')) as Body
}

/** The body with a member moved from one path to another; in the same object it keeps its place. */
export function moveMember<Body>(body: Body, from: MemberPath, to: MemberPath): Body {
  const common = commonSteps(from, to)
  const [old, now] = [from.slice(common), to.slice(common)]
  return editHolder(body, from.slice(0, common), (holder) => move(holder, old, now)) as Body
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Replaces the objects that the steps lead to. */
function editHolder(value: unknown, steps: MemberPath, edit: (holder: Members) => Members): unknown {
  const [step, ...rest] = steps
  if (step === '[]') return Array.isArray(value) ? editItems(value, rest, edit) : value
  if (!isObject(value)) return value
  if (step === undefined) return edit(value)
  if (!Object.hasOwn(value, step)) return value
  const edited = editHolder(value[step], rest, edit)
  return edited === value[step] ? value : { ...value, [step]: edited }
}

function editItems(items: unknown[], steps: MemberPath, edit: (holder: Members) => Members): unknown[] {
  const edited = items.map((item) => editHolder(item, steps, edit))
  return edited.every((item, i) => item === items[i]) ? items : edited
}

function without(holder: Members, name: string): Members {
  if (!Object.hasOwn(holder, name)) return holder
  const { [name]: _, ...rest } = holder
  return rest
}

function commonSteps(a: MemberPath, b: MemberPath): number {
  const limit = Math.min(a.length, b.length) - 1
  const different = a.findIndex((step, i) => i >= limit || step !== b[i])
  return Math.max(0, different)
}

function move(holder: Members, from: MemberPath, to: MemberPath): Members {
  if (!hasMember(holder, from)) return holder
  const [old, now] = [from[0] ?? '', to[0] ?? '']
  if (from.length > 1 || to.length > 1) return put(take(holder, from), to, valueAt(holder, from))
  return Object.fromEntries(
    Object.entries(holder).map(([name, value]) => [name === old ? now : name, value] as const),
  )
}

function valueAt(holder: unknown, path: MemberPath): unknown {
  return path.reduce<unknown>((value, step) => (isObject(value) ? value[step] : undefined), holder)
}

/** Without the member, and without the objects that it leaves empty. */
function take(holder: Members, [step = '', ...rest]: MemberPath): Members {
  const inner = holder[step]
  if (rest.length === 0 || !isObject(inner)) return without(holder, step)
  const left = take(inner, rest)
  return Object.keys(left).length === 0 ? without(holder, step) : { ...holder, [step]: left }
}

function put(holder: Members, [step = '', ...rest]: MemberPath, value: unknown): Members {
  if (rest.length === 0) return { ...holder, [step]: value }
  const inner = holder[step]
  return { ...holder, [step]: put(isObject(inner) ? inner : {}, rest, value) }
}
