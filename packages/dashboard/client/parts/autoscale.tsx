// The formula of a pool that scales itself, what it said last and what it has said so far.

import { getHistory, type HistoryEntry, type PoolView } from '../api.ts'
import { formatDuration } from '../format.ts'
import { useResource } from '../resource.ts'
import { Chart } from './chart.tsx'
import { Code, Empty, Fact, Facts, Panel } from './panel.tsx'
import { Problem } from './problem.tsx'
import { Time } from './time.tsx'

/** Formula, last evaluation and the targets over time. */
export function Autoscale({ pool }: { pool: PoolView }) {
  const { data: entries = [] } = useResource({
    key: pool.id,
    load: (signal) => getHistory({ kind: 'autoscale', id: pool.id }, signal),
    topics: [{ kind: 'pools', id: pool.id }],
    every: 1000,
  })
  const run = pool.autoScaleRun
  const every = formatDuration(pool.autoScaleEvaluationInterval)
  return (
    <Panel title="Autoscale" note={every && `every ${every}`}>
      <Code label="Autoscale formula">{pool.autoScaleFormula ?? ''}</Code>
      {run ? (
        <>
          <h3>
            Last evaluation <Time at={run.timestamp} />
          </h3>
          {run.error && (
            <Problem
              title="The evaluation failed"
              code={run.error.code}
              message={run.error.message}
              values={run.error.values?.map(({ name, value }) => ({ key: name, value })) ?? []}
            />
          )}
          <Facts>
            {variablesOf(run.results).map(([name, value]) => (
              <Fact key={name} name={name}>
                {value}
              </Fact>
            ))}
          </Facts>
        </>
      ) : (
        <Empty>It has not been evaluated yet.</Empty>
      )}
      <Targets entries={entries} />
    </Panel>
  )
}

function Targets({ entries }: { entries: readonly HistoryEntry[] }) {
  const runs = entries.toReversed().map(({ time, to, detail = '' }) => ({
    time: Date.parse(time) / 1000,
    values: new Map(variablesOf(`${to};${detail}`)),
  }))
  if (runs.length < 2) return null
  const valuesOf = (name: string): (number | null)[] => runs.map(({ values }) => toNumber(values.get(name)))
  const dedicated = valuesOf('$TargetDedicatedNodes')
  const spot = valuesOf('$TargetLowPriorityNodes')
  const label = `Targets of the last ${runs.length} evaluations; now ${dedicated.at(-1) ?? 0} dedicated and ${spot.at(-1) ?? 0} spot nodes`
  return (
    <Chart
      label={label}
      data={{
        times: runs.map(({ time }) => time),
        lines: [
          { name: 'dedicated nodes', color: '--good', values: dedicated, isStepped: true },
          { name: 'spot nodes', color: '--busy', values: spot, isStepped: true },
        ],
      }}
    />
  )
}

/** `$a=1;$b=2` -> pairs. */
function variablesOf(results: string): [name: string, value: string][] {
  return results.split(';').flatMap((part): [string, string][] => {
    const [, name, value] = /^\s*(\$?\w+)\s*=\s*(.*)$/s.exec(part) ?? []
    return name !== undefined && value !== undefined ? [[name, value]] : []
  })
}

function toNumber(text: string | undefined): number | null {
  const value = Number(text)
  return text === undefined || Number.isNaN(value) ? null : value
}
