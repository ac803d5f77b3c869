// Copies the fields of a service's object that our model knows. A shape lists every field of the model's type, so a
// field added to the model does not compile until it is translated; what the model does not know stays behind.

/** For each field of `To`, how its value comes out of the field of the same name in `From`. */
export type Shape<From, To> = {
  readonly [Key in keyof To]-?: Key extends keyof From
    ? (value: NonNullable<From[Key]>) => NonNullable<To[Key]>
    : never
}

/** A function that translates by `shape`. What is absent stays absent, as in answers to a `select`. */
export function translator<From extends object, To extends object>(
  shape: Shape<From, To>,
): (source: From) => To {
  const fields = Object.entries(shape) as [string, (value: unknown) => unknown][]
  return (source) => {
    const values = source as Readonly<Record<string, unknown>>
    const present = fields.filter(([key]) => values[key] !== undefined && values[key] !== null)
    return Object.fromEntries(present.map(([key, translate]) => [key, translate(values[key])])) as To
  }
}

/** The value as it is. */
export const same = <Value>(value: Value): Value => value

/** Each item translated. */
export function each<From, To>(translate: (item: From) => To): (items: readonly From[]) => To[] {
  return (items) => items.map((item) => translate(item))
}

/** The service writes some of its enumerations as `TaskSuccess`, the client's types and our model as `tasksuccess`. */
export function lowerCase<Text extends string>(value: Text): Text {
  return value.toLowerCase() as Text
}
