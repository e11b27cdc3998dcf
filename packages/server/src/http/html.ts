import { hash } from 'node:crypto'

/** Text that is HTML already. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = Html | string | number | undefined | false | readonly Part[]

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function render(part: Part): string {
  if (part instanceof Html) return part.text
  if (Array.isArray(part)) return part.map(render).join('')
  if (part === undefined || part === false) return ''
  return String(part).replace(/[&<>"']/g, (character) => escapes[character] ?? '')
}

/** HTML from a template: what is put in is escaped, unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(strings.map((text, i) => text + render(parts[i])).join(''))
}

const style = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --paper: #fff; --ground: #f4f2ee;
  --accent: #1d6a54; --on-accent: #fff; --bad: #b42318 }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e6e3; --soft: #a3a9b1; --line: #3a3f46; --paper: #1d2024;
  --ground: #121417; --accent: #4fb894; --on-accent: #0b1512; --bad: #ff8f85 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px 16px; background: var(--ground);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 440px; background: var(--paper); border: 1px solid var(--line); border-radius: 16px;
  padding: 32px 28px }
.brand { margin: 0 0 20px; font-weight: 600; color: var(--accent); letter-spacing: .02em }
h1 { margin: 0 0 8px; font-size: 24px; line-height: 1.25; overflow-wrap: anywhere }
p { margin: 0 0 16px } .soft { color: var(--soft); font-size: 14px; overflow-wrap: anywhere }
ul { margin: 0 0 20px; padding: 0; list-style: none; border-top: 1px solid var(--line) }
li { padding: 10px 0 10px 26px; border-bottom: 1px solid var(--line); position: relative }
li::before { content: "✓"; position: absolute; left: 2px; color: var(--accent); font-weight: 700 }
label { display: block; margin: 0 0 16px; font-weight: 600 } label small { font-weight: 400; color: var(--soft) }
input:not([type=hidden]), select { display: block; width: 100%; margin-top: 6px; padding: 12px; font: inherit;
  color: inherit; background: transparent; border: 1px solid var(--soft); border-radius: 10px }
select option { background: var(--paper) }
.actions { display: flex; gap: 12px; flex-wrap: wrap }
button { flex: 1 1 120px; padding: 13px 16px; font: inherit; font-weight: 600; border-radius: 999px; cursor: pointer;
  border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent) }
button.second { background: transparent; color: var(--ink); border-color: var(--soft) }
button.link { all: unset; cursor: pointer; color: var(--accent); text-decoration: underline; font-size: 14px }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
a { color: var(--accent) } code { font-size: 13px; overflow-wrap: anywhere }
.bad { color: var(--bad); font-weight: 600 } form.aside { margin-top: 20px }
`

/** What a browser may do with a page of ours: show it, and nothing else. No script runs; nobody frames it. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${hash('sha256', style, 'base64')}'`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

/** A whole page. */
export function page(title: string, body: Html): string {
  const head = html`<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Pinfold</title><style>${new Html(style)}</style>`
  const main = html`<main><p class="brand">Pinfold</p>${body}</main>`
  return html`<!doctype html><html lang="en"><head>${head}</head><body>${main}</body></html>`.text
}
