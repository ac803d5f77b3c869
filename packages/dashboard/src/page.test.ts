import { expect, test } from 'vitest'
import { renderPage } from './page.ts'

test('shows a title full of markup as text', () => {
  const html = renderPage({
    title: '</title><script>alert("1")</script>',
    token: 't',
    script: '/assets/app.js',
  })
  expect(html).toContain('&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;')
  expect(html.match(/<script/g)).toHaveLength(1)
})

test('has no script and no style of its own', () => {
  const html = renderPage({ title: 'T', token: 't', script: '/assets/app.js', style: '/assets/app.css' })
  expect(html).toMatch(/<script type="module" src="[^"]+"><\/script>/)
  expect(html).not.toMatch(/<style|style=|onload=/)
})
