// Turns the events of a run into lines on a screen, as they come.

import type { Report, RunResult, WorkflowEvent } from '@malachite/orchestrator'
import { hintFor } from '../text/failure.ts'
import type { Screen } from '../terminal/screen.ts'
import { runTable } from './run-table.ts'
import { endedLines, leftBehindLines, retryLines, stepTable, summaryLines } from './summary.ts'
import { monitoringLine, progressText, transcriptLines, troubleLines } from './transcript.ts'

/** How a run is told. */
export interface Presenter {
  report: Report
  /** The run is asked to end. */
  interrupted(): void
  /** The run has ended; `canRetry`: what is needed to run the rest of it again is kept. */
  end(result: RunResult, canRetry: boolean): void
}

/** What a printer needs to know about its run. */
export interface PrinterOptions {
  screen: Screen
  /** Questions that nobody can be asked: they are printed with the deletion they stand for. */
  unasked: { job: boolean; pool: boolean }
  /** Everything of the run ends with this process. */
  isLocal: boolean
  /** How to see all that a failed task has written. */
  logsOf: (taskId: string) => string
  /** Width of the terminal, if it is one. */
  columns?: () => number | undefined
  verbose: boolean
}

const ENDS_STATUS = new Set<WorkflowEvent['type']>([
  'stepFinished',
  'allTasksCompleted',
  'timedOut',
  'trouble',
])

/** Prints a run as the tutorial does, trouble on standard error. */
export function createPrinter(options: PrinterOptions): Presenter {
  const { screen, unasked, isLocal, verbose } = options
  const uploads = createUploads()
  let isInterrupted = false

  /** On a terminal the state of the tasks is redrawn in place; elsewhere each look is a dot, as in the tutorial. */
  function showProgress(event: WorkflowEvent): void {
    if (event.type === 'monitoringStarted') {
      if (screen.isLive) screen.line(monitoringLine(event.timeoutMs))
      else screen.begin(monitoringLine(event.timeoutMs))
    } else if (event.type === 'progress') {
      if (screen.isLive) screen.status(progressText(event))
      else screen.more('.')
    } else if (uploads.see(event)) screen.status(uploads.text())
    else if (ENDS_STATUS.has(event.type)) screen.status('')
  }

  function question(event: WorkflowEvent): string[] {
    if (isInterrupted) return []
    if (event.type === 'jobDeleted' && unasked.job) return ['Delete job? [Y/n]']
    if (event.type === 'poolDeleted' && unasked.pool) return ['Delete pool? [Y/n]']
    return []
  }

  function moreOf(event: WorkflowEvent): string[] {
    if (event.type !== 'taskFailed' || !event.stderrTail) return []
    return [options.logsOf(event.taskId)]
  }

  return {
    report(event) {
      showProgress(event)
      for (const line of [...transcriptLines(event), ...question(event)]) screen.line(line)
      for (const line of [...troubleLines(event), ...moreOf(event), ...errorLines(event)]) screen.note(line)
    },
    interrupted() {
      isInterrupted = true
      screen.note('Interrupted: cleaning up, for up to 30 seconds. Ctrl-C again ends at once.')
    },
    end(result, canRetry) {
      screen.status('')
      for (const line of runTable(result, options.columns?.())) screen.line(line)
      const left = isLocal ? endedLines(result.leftBehind) : leftBehindLines(result.leftBehind)
      const again = canRetry ? retryLines(result) : []
      for (const line of [...summaryLines(result), ...again, ...left]) screen.note(line)
      if (verbose) for (const line of stepTable(result.steps)) screen.note(line)
    },
  }
}

function errorLines(event: WorkflowEvent): string[] {
  if (event.type !== 'runFailed') return []
  const { message } = event.error
  const { hint } = hintFor(event.error)
  return [`malachite: ${message}`, ...(hint === undefined ? [] : [hint])]
}

const MEGABYTE = 1_000_000

/** Sums up what is being uploaded, at the same cost for any number of files. */
function createUploads() {
  const sent = new Map<string, number>()
  let [bytes, total] = [0, 0]
  const count = (path: string, now: number): void => {
    bytes += now - (sent.get(path) ?? 0)
    sent.set(path, now)
  }
  return {
    /** Takes down an upload's event; false for any other. */
    see(event: WorkflowEvent): boolean {
      if (event.type === 'uploadStarted') total += event.totalBytes
      else if (event.type === 'uploadProgress') count(event.path, event.bytes)
      else if (event.type === 'uploadFinished') {
        count(event.path, event.bytes)
        sent.delete(event.path)
      } else return false
      return true
    },
    /** Nothing for files that are there in the wink of an eye. */
    text(): string {
      return total < 2 * MEGABYTE ? '' : `  ${megabytes(bytes)} of ${megabytes(total)} MB uploaded`
    },
  }
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1)
}
