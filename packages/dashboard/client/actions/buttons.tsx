// The buttons of a page's actions; there are none where nothing may be changed.

import { mayChange } from '../settings.ts'
import { asked, type Action } from './action.ts'

/** A button for each action; `false` stands for one that the state of things does not allow. */
export function ActionButtons({ actions }: { actions: readonly (Action | false)[] }) {
  if (!mayChange.value) return null
  return (
    <>
      {actions.map(
        (action) =>
          action && (
            <button
              key={action.verb}
              type="button"
              class={action.isDangerous ? 'danger-quiet' : ''}
              onClick={() => {
                asked.value = action
              }}
            >
              {action.verb}
            </button>
          ),
      )}
    </>
  )
}
