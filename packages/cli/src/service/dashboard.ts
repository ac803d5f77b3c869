// The window that an emulator opens on itself.

import { startDashboard, type Dashboard } from '@malachite/dashboard'
import type { Emulator } from '@malachite/emulator'
import { BatchError } from '@malachite/model'
import type { UiConfig } from './emulator-config.ts'

/**
 * Opens the dashboard of an emulator. A port that was asked for and is taken is a `ConfigurationError`; without the usual
 * one the emulator does without a window, and `warn` says so.
 */
export async function openDashboard(
  emulator: Emulator,
  { port, isAsked }: UiConfig,
  warn: (message: string) => void,
): Promise<Dashboard | undefined> {
  const window = await emulator.openWindow()
  try {
    const dashboard = await startDashboard({ upstream: window, port })
    return {
      url: dashboard.url,
      async close() {
        window.close()
        await dashboard.close()
      },
    }
  } catch (cause) {
    window.close()
    const error = portError(port, cause)
    if (isAsked) throw error
    warn(`${error.message}, or leave the dashboard out with --headless`)
    return undefined
  }
}

/** What to do about a port that cannot be had. */
export function portError(port: number, cause: unknown): BatchError {
  const { code, message } = cause as NodeJS.ErrnoException
  const taken = `Dashboard: port ${port} on 127.0.0.1 is taken; choose another with --uiPort (0 = a free one)`
  return new BatchError(
    'ConfigurationError',
    {},
    { message: code === 'EADDRINUSE' ? taken : `Dashboard: ${message}`, cause },
  )
}
