// Views of the same thing, one at a time; arrow keys go from one to the next.

import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'

export interface Tab {
  id: string
  name: string
}

export interface TabsProps {
  tabs: readonly Tab[]
  chosen: string
  onChoose: (id: string) => void
  children: ComponentChildren
}

/** Tabs with the panel of the chosen one. */
export function Tabs({ tabs, chosen, onChoose, children }: TabsProps) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    const place = tabs.findIndex((tab) => tab.id === chosen)
    const next = (place + step + tabs.length) % tabs.length
    onChoose(tabs[next]?.id ?? chosen)
    list.current?.querySelectorAll('button')[next]?.focus()
  }
  return (
    <section class="panel tabs">
      <div class="tab-list" role="tablist" aria-label="Views" ref={list} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${id}-${tab.id}`}
            aria-selected={tab.id === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={tab.id === chosen ? 0 : -1}
            onClick={() => onChoose(tab.id)}
          >
            {tab.name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>
        {children}
      </div>
    </section>
  )
}
