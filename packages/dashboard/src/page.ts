// The one page: everything else is drawn by the script that it names. It carries the token that requests must show.

/** What the page needs to know. */
export interface PageParts {
  title: string
  /** What requests to `/api/` must show. */
  token: string
  /** URLs of what it loads. */
  script: string
  style?: string
}

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E" +
  "%3Cpath fill='%230b7a5b' d='M16 1l13 7.5v15L16 31 3 23.5v-15z'/%3E" +
  "%3Cpath fill='none' stroke='%23bff2dd' stroke-width='2' d='M16 7l8 4.5v9L16 25l-8-4.5v-9z'/%3E%3C/svg%3E"

/** The HTML of the page. */
export function renderPage({ title, token, script, style }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="malachite-token" content="${escapeHtml(token)}">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="${ICON}">${style === undefined ? '' : `\n<link rel="stylesheet" href="${escapeHtml(style)}">`}
<script type="module" src="${escapeHtml(script)}"></script>
</head>
<body>
<div id="app"></div>
<noscript>This page needs JavaScript. The command line shows the same: malachite --help</noscript>
</body>
</html>
`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as it stands in HTML, in quotes as well. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
