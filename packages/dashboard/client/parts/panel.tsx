// The blocks that pages are made of: a heading of the page, panels under it, facts in them.

import type { ComponentChildren } from 'preact'
import { useEffect, useId } from 'preact/hooks'
import { Link } from 'wouter-preact'

/** One step of the way to a page. */
export interface Crumb {
  text: string
  to: string
}

/** Ids of nodes have 70 characters: longer titles than this are set smaller. */
const LONG_TITLE = 40

export interface PageHeadProps {
  /** What the page is about: `Job`. */
  kind: string
  title: string
  /** The name that people gave it. */
  displayName?: string | undefined
  crumbs?: readonly Crumb[]
  /** State and other things beside the title. */
  children?: ComponentChildren
  actions?: ComponentChildren
}

/** Title, way and actions of a page; the window takes the title as well. */
export function PageHead({ kind, title, displayName, crumbs = [], children, actions }: PageHeadProps) {
  useEffect(() => {
    document.title = `${title} – Malachite`
  }, [title])
  return (
    <header class="page-head">
      {crumbs.length > 0 && (
        <nav class="crumbs" aria-label="Way to this page">
          {crumbs.map(({ text, to }) => (
            <Link key={to} href={to}>
              {text}
            </Link>
          ))}
        </nav>
      )}
      <div class="page-title">
        <h1 tabIndex={-1} class={title.length > LONG_TITLE ? 'is-long' : ''}>
          {kind && <span class="kind">{kind} </span>}
          <bdi>{title}</bdi>
        </h1>
        {children}
        {displayName && displayName !== title && <p class="display-name">{displayName}</p>}
        {actions && <div class="actions">{actions}</div>}
      </div>
    </header>
  )
}

export interface PanelProps {
  title: string
  /** Beside the heading. */
  note?: ComponentChildren
  children?: ComponentChildren
  /** @default '' */
  class?: string
}

/** A part of a page with its heading. */
export function Panel({ title, note, children, class: name = '' }: PanelProps) {
  const id = useId()
  return (
    <section class={`panel ${name}`} aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id}>{title}</h2>
        {note !== undefined && <div class="panel-note">{note}</div>}
      </div>
      {children}
    </section>
  )
}

/** Names and values; those without a value are left out. */
export function Facts({ children }: { children: ComponentChildren }) {
  return <dl class="facts">{children}</dl>
}

/** One name with its value. */
export function Fact({ name, children }: { name: string; children?: ComponentChildren }) {
  if (children === undefined || children === null || children === '' || children === false) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** What stands where nothing is. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>
}

/** Text of programs, as it is. */
export function Code({ children, label }: { children: string; label?: string }) {
  return (
    <pre class="code" tabIndex={0} {...(label && { role: 'region', 'aria-label': label })}>
      {children}
    </pre>
  )
}
