// The question before every change. The element is the browser's own: it keeps the focus and closes with Escape.

import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import { tell } from '../live.ts'
import { announce } from '../parts/announcer.tsx'
import { Refusal } from '../parts/problem.tsx'
import { asked, type Action, type Field } from './action.ts'

/** The place of the dialog; there is one on the page. */
export function ActionDialog() {
  const action = asked.value
  return action ? <Question key={action.question} action={action} /> : null
}

function Question({ action }: { action: Action }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [values, setValues] = useState(() => initialValues(action.fields))
  const { isBusy, error, run } = usePerform(action)
  const title = useId()
  const text = useId()
  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog ref={dialog} class="question" aria-labelledby={title} aria-describedby={text} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void run(values)
        }}
      >
        <h2 id={title}>{action.question}</h2>
        <p id={text}>{action.consequence}</p>
        {action.fields?.map((field) => (
          <FieldInput
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            onInput={(value) => setValues((old) => ({ ...old, [field.name]: value }))}
          />
        ))}
        {error && <Refusal error={error} title="That was refused" />}
        <div class="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class={action.isDangerous ? 'danger' : 'primary'} disabled={isBusy}>
            {action.verb}
          </button>
        </div>
      </form>
    </dialog>
  )
}

function close(): void {
  asked.value = undefined
}

function usePerform(action: Action) {
  const [state, setState] = useState<{ isBusy: boolean; error?: Error }>({ isBusy: false })
  const [, navigate] = useLocation()
  const run = async (values: Record<string, string>): Promise<void> => {
    setState({ isBusy: true })
    try {
      await action.perform(values)
    } catch (error) {
      setState({ isBusy: false, error: error as Error })
      return
    }
    close()
    announce(action.done)
    if (action.leadsTo !== undefined) navigate(action.leadsTo)
    tell(action.changes)
  }
  return { ...state, run }
}

interface FieldInputProps {
  field: Field
  value: string
  onInput: (value: string) => void
}

function FieldInput({ field, value, onInput }: FieldInputProps) {
  const take = (event: { currentTarget: { value: string } }): void => onInput(event.currentTarget.value)
  return (
    <label class="field">
      {field.label}
      {field.kind === 'choice' ? (
        <select value={value} onChange={take}>
          {field.choices?.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.text}
            </option>
          ))}
        </select>
      ) : (
        <input type="number" value={value} min={field.min} required onInput={take} />
      )}
    </label>
  )
}

function initialValues(fields: readonly Field[] = []): Record<string, string> {
  return Object.fromEntries(fields.map(({ name, initial }) => [name, initial]))
}
