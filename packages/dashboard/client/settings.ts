// What the page looks at: read once, and again when the emulator is another one.

import { computed, signal } from '@preact/signals'
import { getSettings, type Settings } from './api.ts'
import { onChange } from './live.ts'

export const settings = signal<Settings | undefined>(undefined)

const SWITCH = 'malachite-read-only'

/** Whether people have switched all actions off in this browser, so that they cannot press one by accident. */
export const isSwitchedOff = signal(localStorage.getItem(SWITCH) === 'on')

/** Switches all actions off, or on again; the browser remembers it. */
export function switchActions(isOff: boolean): void {
  isSwitchedOff.value = isOff
  localStorage.setItem(SWITCH, isOff ? 'on' : 'off')
}

/** Whether anything can be changed from here; not before it is known. */
export const mayChange = computed(() => settings.value?.readOnly === false && !isSwitchedOff.value)

/** Whether the emulator can be asked what the service cannot tell. */
export const isEmulator = computed(() => settings.value?.backend === 'emulator')

/** Reads the settings now and after every reconnection. */
export function keepSettings(): void {
  const read = async (): Promise<void> => {
    try {
      settings.value = await getSettings()
    } catch {
      // The banner tells that the server does not answer; they are read again with the next connection.
    }
  }
  onChange((change) => {
    if (change.all && settings.value?.backend !== 'azure') void read()
  })
  void read()
}
