// `malachite ui`: the dashboard for an account in Azure, or for an emulator that runs elsewhere.

import { createBatchProxy } from '@malachite/azure'
import { startDashboard, type Dashboard, type Upstream } from '@malachite/dashboard'
import type { UiFlags } from '../program/program-ui.ts'
import { watchInterrupts } from '../terminal/interrupts.ts'
import { findAccount } from '../service/connection.ts'
import { portError } from '../service/dashboard.ts'
import type { Surroundings } from '../settings/surroundings.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { print } from '../text/lines.ts'

/** Serves the pages and says where, until the first SIGINT or SIGTERM. */
export async function ui(flags: UiFlags, { environment }: Surroundings): Promise<ExitCode> {
  const { backend = 'emulator', uiPort = 0, write = false, readOnly = false } = flags
  const settings = await findAccount(flags, environment)
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
  const interrupts = watchInterrupts({ onFirst: stop, onSecond: () => process.exit(EXIT.interrupted) })
  const proxy = createBatchProxy(settings)
  try {
    const { account, endpoint: url } = settings
    const upstream: Upstream = { backend, account, url, request: (request) => proxy.request(request) }
    // What is done in Azure costs money: there it must be asked for.
    const dashboard = await open(upstream, uiPort, backend === 'azure' ? !write : readOnly)
    try {
      print(`Dashboard of ${account} is at ${dashboard.url}`)
      await stopped
    } finally {
      await dashboard.close()
    }
    return EXIT.ok
  } finally {
    await proxy.close()
    interrupts.stop()
  }
}

async function open(upstream: Upstream, port: number, readOnly: boolean): Promise<Dashboard> {
  try {
    return await startDashboard({ upstream, port, readOnly })
  } catch (cause) {
    throw portError(port, cause)
  }
}
