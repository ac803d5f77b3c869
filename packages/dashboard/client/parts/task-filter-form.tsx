// The fields above a task list. Texts take effect when typing pauses.

import { useEffect, useState } from 'preact/hooks'
import { STATE_CHOICES, type TaskFilter } from '../task-filter.ts'

const TYPING_PAUSE = 300

export interface TaskFilterFormProps {
  filter: TaskFilter
  onChange: (filter: TaskFilter) => void
}

/** State, beginning of the id, exit code, node. */
export function TaskFilterForm({ filter, onChange }: TaskFilterFormProps) {
  return (
    <form class="filter" role="search" aria-label="Tasks" onSubmit={(event) => event.preventDefault()}>
      <label>
        State
        <select
          value={filter.state}
          onChange={(event) =>
            onChange({ ...filter, state: event.currentTarget.value as TaskFilter['state'] })
          }
        >
          {STATE_CHOICES.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <LateInput label="Id begins with" value={filter.id} onChange={(id) => onChange({ ...filter, id })} />
      <LateInput
        label="Exit code"
        value={filter.exitCode}
        pattern="-?[0-9]+"
        onChange={(exitCode) => onChange({ ...filter, exitCode })}
      />
      <LateInput
        label="Node begins with"
        value={filter.node}
        onChange={(node) => onChange({ ...filter, node })}
      />
    </form>
  )
}

interface LateInputProps {
  label: string
  value: string
  pattern?: string
  onChange: (value: string) => void
}

/** A text field that tells its value when typing pauses. */
export function LateInput({ label, value, pattern, onChange }: LateInputProps) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return undefined
    const timer = setTimeout(() => onChange(text), TYPING_PAUSE)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <label>
      {label}
      <input
        type="text"
        value={text}
        pattern={pattern}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </label>
  )
}
