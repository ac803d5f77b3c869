// The frame of all pages: where to go, what the page looks at, whether it is up to date.

import { useEffect, useRef } from 'preact/hooks'
import { Link, Route, Switch, useLocation } from 'wouter-preact'
import { ActionDialog } from './actions/dialog.tsx'
import { connection, isRestarted } from './live.ts'
import { JobPage } from './pages/job.tsx'
import { JobsPage, PoolsPage, SchedulesPage } from './pages/lists.tsx'
import { NodePage } from './pages/node.tsx'
import { Overview } from './pages/overview.tsx'
import { PoolPage } from './pages/pool.tsx'
import { SchedulePage } from './pages/schedule.tsx'
import { TaskPage } from './pages/task.tsx'
import { Announcer } from './parts/announcer.tsx'
import { Logo } from './parts/icon.tsx'
import { Empty, PageHead } from './parts/panel.tsx'
import { isSwitchedOff, settings, switchActions } from './settings.ts'

const PLACES = [
  { to: '/', name: 'Overview' },
  { to: '/pools', name: 'Pools' },
  { to: '/jobs', name: 'Jobs' },
  { to: '/schedules', name: 'Schedules' },
]

/** Everything that is seen. */
export function App() {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <TopBar />
      <Banner />
      <Main />
      <Announcer />
      <ActionDialog />
    </>
  )
}

function TopBar() {
  const [path] = useLocation()
  return (
    <header class="top">
      <Link href="/" class="brand">
        <Logo />
        Malachite
      </Link>
      <nav aria-label="Main">
        {PLACES.map(({ to, name }) => (
          <Link key={to} href={to} {...(isWithin(path, to) && { 'aria-current': 'page' as const })}>
            {name}
          </Link>
        ))}
      </nav>
      <div class="top-side">
        {settings.value && (
          <span class="account">
            {settings.value.account}
            {settings.value.backend === 'azure' && ' on Azure'}
          </span>
        )}
        <ReadOnly />
        <ConnectionSign />
      </div>
    </header>
  )
}

/** A sign where the server lets nothing be changed, otherwise a switch. */
function ReadOnly() {
  if (!settings.value) return null
  if (settings.value.readOnly) return <span class="read-only">read-only</span>
  const isOn = isSwitchedOff.value
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      aria-checked={isOn}
      onClick={() => switchActions(!isOn)}
    >
      Read-only
    </button>
  )
}

const CONNECTIONS = { connecting: 'connecting', live: 'live', lost: 'offline' } as const

function ConnectionSign() {
  return <span class={`connection is-${connection.value}`}>{CONNECTIONS[connection.value]}</span>
}

/** What everybody must know: nobody answers, or another one does. */
function Banner() {
  return (
    <div role="status" aria-live="polite">
      {connection.value === 'lost' && (
        <p class="banner is-bad">
          {settings.value?.backend === 'azure' ? 'The server of this page' : 'The emulator'} does not answer.
          The page shows what was known last and comes back by itself.
        </p>
      )}
      {connection.value !== 'lost' && isRestarted.value && (
        <p class="banner">
          The emulator was restarted. Unless it keeps its data, what was there before is gone.{' '}
          <button
            type="button"
            onClick={() => {
              isRestarted.value = false
            }}
          >
            Dismiss
          </button>
        </p>
      )}
    </div>
  )
}

/** The page of the address. After going somewhere else, the focus is on the new page's title. */
function Main() {
  const [path] = useLocation()
  const main = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  useEffect(() => {
    if (!isFirst.current) {
      scrollTo(0, 0)
      main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
    }
    isFirst.current = false
  }, [path])
  return (
    <main id="main" ref={main} tabIndex={-1}>
      <Switch>
        <Route path="/" component={Overview} />
        <Route path="/pools" component={PoolsPage} />
        <Route path="/pools/:pool">{({ pool }) => <PoolPage key={pool} pool={pool} />}</Route>
        <Route path="/pools/:pool/nodes/:node">
          {({ pool, node }) => <NodePage key={`${pool}/${node}`} pool={pool} node={node} />}
        </Route>
        <Route path="/jobs" component={JobsPage} />
        <Route path="/jobs/:job">{({ job }) => <JobPage key={job} job={job} />}</Route>
        <Route path="/jobs/:job/tasks/:task">
          {({ job, task }) => <TaskPage key={`${job}/${task}`} job={job} task={task} />}
        </Route>
        <Route path="/schedules" component={SchedulesPage} />
        <Route path="/schedules/:schedule">
          {({ schedule }) => <SchedulePage key={schedule} schedule={schedule} />}
        </Route>
        <Route component={NoPage} />
      </Switch>
    </main>
  )
}

function NoPage() {
  return (
    <>
      <PageHead kind="" title="No such page" />
      <Empty>
        There is nothing at this address. <Link href="/">Go to the overview</Link>
      </Empty>
    </>
  )
}

function isWithin(path: string, place: string): boolean {
  return place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`)
}
