import { hash } from 'node:crypto'
import { fontAddress } from './app/built-files.ts'

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

const font = fontAddress()
const fontFace = `@font-face { font-family: Figtree; font-weight: 300 900; font-display: swap;
  src: url(${font}) format('woff2') }`

/** The looks of pages: the values are those of the web app (`packages/web/src/styles/tokens.css`). */
const style = `${font === undefined ? '' : fontFace}
:root { color-scheme: light dark; --ink: #18201b; --soft: #535b54; --line: #dfdcd3; --edge: #84897f; --paper: #fff;
  --ground: #f5f4f0; --fill: #eae8e1; --stone: #e6e3da; --brand: #146149; --brand-hover: #0e4c39; --on-brand: #fff;
  --tint: #dfeee6; --saffron: #eda31f; --bad: #a8321f; --bad-tint: #fae8e3 }
@media (prefers-color-scheme: dark) { :root { --ink: #edefeb; --soft: #aab2ab; --line: #333733; --edge: #767d76;
  --paper: #1b1d1b; --ground: #131413; --fill: #2c2f2c; --stone: #272b27; --brand: #55c098; --brand-hover: #7ad7b4;
  --on-brand: #06140e; --tint: #1b352b; --saffron: #f5b53d; --bad: #ffa08f; --bad-tint: #40211b } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px 16px; overflow-x: clip;
  background: var(--ground); color: var(--ink); font: 16px/1.5 Figtree, system-ui, sans-serif }
main { position: relative; width: 100%; max-width: 432px; background: var(--paper); border: 1px solid var(--line);
  border-radius: 24px; padding: 36px 32px 28px; box-shadow: 0 2px 6px rgb(24 32 27 / .06), 0 8px 24px rgb(24 32 27 / .08) }
.brand { display: flex; align-items: center; gap: 10px; margin: 0 0 24px; font-size: 20px; font-weight: 660;
  letter-spacing: -.025em }
.mark { width: 36px; height: 36px; color: var(--brand) } .mark circle { fill: var(--saffron) }
.fold { display: none }
@media (min-width: 720px) and (min-height: 720px) { body { padding-block: 112px } .fold { display: block }
  .fold i { position: absolute; border-radius: 20px; background: var(--stone) }
  .fold i:nth-child(1) { width: 60px; inset: -80px auto 84px -80px } .fold i:nth-child(2) { height: 60px; inset: -80px -80px auto 0 }
  .fold i:nth-child(3) { width: 60px; inset: 0 -80px -80px auto } .fold i:nth-child(4) { height: 60px; inset: auto 200px -80px -80px }
  .fold em { position: absolute; right: 78px; bottom: -62px; width: 24px; height: 24px; border-radius: 50%;
    background: var(--saffron) } }
h1 { margin: 0 0 4px; font-size: 28px; line-height: 1.2; font-weight: 640; letter-spacing: -.022em;
  overflow-wrap: anywhere; text-wrap: balance }
p { margin: 0 0 16px; overflow-wrap: anywhere } p:last-child { margin-bottom: 0 }
.soft { color: var(--soft); font-size: 15px } .after { margin: 20px 0 0; text-align: center }
ul { margin: 0; padding: 4px 16px; list-style: none; background: var(--tint); border-radius: 14px }
li { padding: 9px 0 9px 28px; position: relative }
li::before { content: ""; position: absolute; left: 5px; top: 14px; width: 6px; height: 11px;
  border: solid var(--brand); border-width: 0 2.5px 2.5px 0; transform: rotate(42deg) }
.who { display: flex; gap: 12px; margin-top: 12px } .who img { flex: none; border-radius: 10px }
form { margin-top: 20px }
label { display: block; margin: 0 0 18px; font-weight: 600 }
label small { display: block; font-size: 14px; font-weight: 400; color: var(--soft) }
input:not([type=hidden]), select { display: block; width: 100%; min-height: 48px; margin-top: 6px; padding: 10px 12px;
  font: inherit; font-weight: 400; color: inherit; background: var(--paper); border: 1px solid var(--edge);
  border-radius: 10px }
.actions { display: flex; gap: 12px; flex-wrap: wrap }
.stay { position: sticky; bottom: 0; margin: 0 -32px; padding: 16px 32px; background: var(--paper) }
li b { display: inline-block; padding: 0 8px; border-radius: 6px; background: var(--bad-tint); color: var(--bad);
  font-size: 13px }
.note { padding: 12px 16px; border-radius: 10px; background: var(--tint); font-size: 15px } .note strong { display: block }
.note form { margin-top: 12px }
button { flex: 1 1 120px; min-height: 48px; padding: 10px 16px; font: inherit; font-weight: 600; border-radius: 10px;
  cursor: pointer; border: 1px solid var(--brand); background: var(--brand); color: var(--on-brand) }
button:hover { background: var(--brand-hover); border-color: var(--brand-hover) }
button.second { background: transparent; color: var(--ink); border-color: var(--edge) }
button.second:hover { background: var(--fill); border-color: var(--edge) }
a, button.link { color: var(--brand); text-decoration: underline; text-underline-offset: 3px }
button.link { min-height: 0; padding: 4px; background: none; border: none; border-radius: 6px; font-weight: 400;
  font-size: 15px }
a:hover, button.link:hover { color: var(--brand-hover); background: none }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px }
code { display: block; margin-top: 2px; font: 13px/1.5 ui-monospace, monospace; color: var(--ink);
  overflow-wrap: anywhere }
.bad { margin: 16px 0 0; padding: 10px 14px; border-radius: 10px; background: var(--bad-tint); color: var(--bad);
  font-weight: 600 }
.ad img { display: block; width: 100%; margin: 0 0 16px; border-radius: 14px }
form.aside { margin: 16px 0 0; padding-top: 12px; border-top: 1px solid var(--line); text-align: center }
`

/** The mark beside the name: four stones, a gap, one pin. */
export const mark = new Html(
  '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><g fill="currentColor">' +
    '<rect x="2" y="2" width="7.5" height="18" rx="2.5"/><rect x="12" y="2" width="18" height="7.5" rx="2.5"/>' +
    '<rect x="22.5" y="12" width="7.5" height="18" rx="2.5"/><rect x="2" y="22.5" width="9.5" height="7.5" rx="2.5"/>' +
    '</g><circle cx="16" cy="16" r="3.75"/></svg>',
)

/** The fold around a page's card: decoration, where there is room. */
const fold = new Html('<span class="fold" aria-hidden="true"><i></i><i></i><i></i><i></i><em></em></span>')

/** The headers of pages: a browser may only show them. No script runs; nobody frames them. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    "img-src 'self'",
    "font-src 'self'",
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
  const main = html`<main>${fold}<p class="brand">${mark}Pinfold</p>${body}</main>`
  return html`<!doctype html><html lang="en"><head>${head}</head><body>${main}</body></html>`.text
}
