import { hash } from 'node:crypto'

/** Text that is already HTML. */
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

/** Makes HTML from a template: escapes what is inserted, unless it is HTML. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(strings.map((text, i) => text + render(parts[i])).join(''))
}

const style = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #dfe2e5; --edge: #7d868f; --paper: #fff;
  --ground: #f4f2ee; --accent: #1d6a54; --accent-strong: #155342; --on-accent: #fff; --tint: #eef5f2; --bad: #b42318;
  --bad-tint: #fdf1ef }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e6e3; --soft: #a3a9b1; --line: #353a41; --edge: #7c848d;
  --paper: #1d2024; --ground: #121417; --accent: #4fb894; --accent-strong: #6ccbaa; --on-accent: #0b1512;
  --tint: #1c2b27; --bad: #ff9d94; --bad-tint: #3a2322 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px 16px; background: var(--ground);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 440px; background: var(--paper); border: 1px solid var(--line); border-radius: 20px;
  padding: 32px 28px; box-shadow: 0 1px 2px rgb(0 0 0 / .04), 0 8px 28px rgb(0 0 0 / .06) }
.brand { display: flex; align-items: center; gap: 10px; margin: 0 0 24px; font-weight: 700; letter-spacing: .01em }
.brand svg { width: 28px; height: 28px; color: var(--accent) } .brand svg path { fill: var(--paper) }
h1 { margin: 0 0 8px; font-size: 25px; line-height: 1.25; letter-spacing: -.01em; overflow-wrap: anywhere;
  text-wrap: balance }
p { margin: 0 0 16px; overflow-wrap: anywhere } p:last-child { margin-bottom: 0 }
.soft { color: var(--soft); font-size: 15px } .after { margin: 20px 0 0; text-align: center }
ul { margin: 0; padding: 4px 16px; list-style: none; background: var(--tint); border-radius: 14px }
li { padding: 9px 0 9px 28px; position: relative }
li::before { content: ""; position: absolute; left: 5px; top: 14px; width: 6px; height: 11px;
  border: solid var(--accent); border-width: 0 2.5px 2.5px 0; transform: rotate(42deg) }
form { margin-top: 24px }
label { display: block; margin: 0 0 18px; font-weight: 600 }
label small { display: block; font-size: 14px; font-weight: 400; color: var(--soft) }
input:not([type=hidden]), select { display: block; width: 100%; min-height: 48px; margin-top: 6px; padding: 10px 14px;
  font: inherit; font-weight: 400; color: inherit; background: var(--paper); border: 1px solid var(--edge);
  border-radius: 12px }
.actions { display: flex; gap: 12px; flex-wrap: wrap }
.stay { position: sticky; bottom: 0; margin: 0 -28px; padding: 16px 28px; background: var(--paper) }
li b { display: inline-block; padding: 0 8px; border-radius: 999px; background: var(--bad-tint); color: var(--bad);
  font-size: 13px }
.note { padding: 12px 16px; border-radius: 12px; background: var(--tint); font-size: 15px } .note strong { display: block }
button { flex: 1 1 120px; min-height: 48px; padding: 10px 16px; font: inherit; font-weight: 600; border-radius: 999px;
  cursor: pointer; border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent) }
button:hover { background: var(--accent-strong); border-color: var(--accent-strong) }
button.second { background: transparent; color: var(--ink); border-color: var(--edge) }
button.second:hover { background: var(--tint); border-color: var(--edge) }
a, button.link { color: var(--accent); text-decoration: underline; text-underline-offset: 2px }
button.link { min-height: 0; padding: 4px; background: none; border: none; border-radius: 6px; font-weight: 400;
  font-size: 15px }
a:hover, button.link:hover { color: var(--accent-strong); background: none }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
code { display: block; margin-top: 2px; font: 13px/1.5 ui-monospace, monospace; color: var(--ink);
  overflow-wrap: anywhere }
.bad { margin: 16px 0 0; padding: 10px 14px; border-radius: 12px; background: var(--bad-tint); color: var(--bad);
  font-weight: 600 }
form.aside { margin: 16px 0 0; padding-top: 12px; border-top: 1px solid var(--line); text-align: center }
`

/** The logo beside the name: tiles on a board. */
export const mark = new Html(
  '<svg viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="8" fill="currentColor"/>' +
    '<path d="M7 7h6.3v8.5H7zM14.7 7H21v4.8h-6.3zM7 17h6.3v4H7zM14.7 13.3H21V21h-6.3z"/></svg>',
)

/** The headers of pages: a browser may only show them. No script runs; nobody frames them. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    "img-src 'self'",
    `style-src 'sha256-${hash('sha256', style, 'base64')}'`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

/** Returns a whole page. */
export function page(title: string, body: Html): string {
  const head = html`<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Pinfold</title><style>${new Html(style)}</style>`
  const main = html`<main><p class="brand">${mark}Pinfold</p>${body}</main>`
  return html`<!doctype html><html lang="en"><head>${head}</head><body>${main}</body></html>`.text
}
