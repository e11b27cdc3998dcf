import { hash } from 'node:crypto'
import { allScopes } from '@pinfold/contract'
import { Html, html, mark } from './html.ts'

/** The credentials that the page fills in for trying operations. */
export interface ReferenceCredentials {
  appId: string
  appSecret: string
  accessToken: string
}

/** Scalar's colors replaced by ours, with the contrast that WCAG demands, below our header. */
const style = `
:root { --scalar-custom-header-height: 52px; --scalar-font: system-ui, sans-serif }
.light-mode { --scalar-color-1: #1f2328; --scalar-color-2: #59636e; --scalar-color-3: #59636e; --scalar-color-accent: #1d6a54;
  --scalar-background-2: #f7f6f3; --scalar-background-3: #eceae5; --scalar-color-green: #1d6a54; --scalar-color-red: #b42318;
  --scalar-color-yellow: #7a5300; --scalar-color-blue: #0b5c94; --scalar-color-orange: #934500; --scalar-color-purple: #5203d1;
  --scalar-color-query: #0b6268; --scalar-sidebar-search-color: #59636e; --scalar-button-1: #1d6a54; --scalar-button-1-hover: #155342 }
.dark-mode { --scalar-color-1: #e8e6e3; --scalar-color-2: #a9afb7; --scalar-color-3: #a9afb7; --scalar-color-accent: #4fb894;
  --scalar-background-1: #121417; --scalar-background-2: #1d2024; --scalar-background-3: #2b3036; --scalar-color-green: #4fb894;
  --scalar-color-red: #ff9d94; --scalar-color-blue: #7cc0ee; --scalar-sidebar-search-color: #a9afb7;
  --scalar-button-1: #4fb894; --scalar-button-1-hover: #6ccbaa; --scalar-button-1-color: #0b1512 }
body { margin: 0 }
.pinfold { position: sticky; top: 0; z-index: 100; display: flex; align-items: center; gap: 10px; box-sizing: border-box;
  height: 52px; padding: 0 16px; font: 16px/1 system-ui, sans-serif; color: var(--scalar-color-1);
  background: var(--scalar-background-1); border-bottom: 1px solid var(--scalar-border-color) }
.pinfold a { display: flex; align-items: center; gap: 10px; color: inherit; font-weight: 700; text-decoration: none }
.pinfold svg { width: 26px; height: 26px; color: var(--scalar-color-green) } .pinfold circle { fill: #eda31f }
.pinfold span { color: var(--scalar-color-2); font-size: 14px }
.scalar-reference-intro-auth tr > .h-8 { height: auto; min-height: 32px; flex-wrap: wrap; padding-block: 4px }
.scalar-reference-intro-auth .scalar-button { white-space: nowrap }
@media (max-width: 1000px) { :root { --scalar-custom-header-height: 0px } .pinfold { position: static } }
`

/**
 * Returns the page of the reference. Its script comes from `js/scalar.js` below it; requests are signed in with `demo`.
 */
export function referencePage(demo: ReferenceCredentials | undefined): {
  text: string
  headers: Record<string, string>
} {
  const start = `Scalar.createApiReference('#app', ${forScript(configuration(demo))})`
  const { text } = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pinfold API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${new Html(style)}</style></head>
<body><nav class="pinfold" aria-label="Pinfold"><a href="/docs/">${mark}Pinfold</a><span>API reference</span></nav>
<div id="app"></div><noscript>This page needs JavaScript. What it shows is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="js/scalar.js"></script><script>${new Html(start)}</script></body></html>`
  return { text, headers: headersFor(start) }
}

const headersFor = (script: string) => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'self'",
    `script-src 'self' 'sha256-${hash('sha256', script, 'base64')}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
})

/** Returns JSON for a script, which cannot end the HTML element. */
const forScript = (value: object): string => JSON.stringify(value).replaceAll('<', '\\u003c')

function configuration(demo: ReferenceCredentials | undefined): object {
  const app = demo && { 'x-scalar-client-id': demo.appId, clientSecret: demo.appSecret }
  return {
    url: '/openapi.json',
    theme: 'default',
    withDefaultFonts: false,
    telemetry: false,
    agent: { disabled: true },
    mcp: { disabled: true },
    hideClientButton: true,
    showDeveloperTools: 'never',
    persistAuth: true,
    authentication: {
      preferredSecurityScheme: 'bearer',
      securitySchemes: {
        bearer: demo && { token: demo.accessToken },
        basic: demo && { username: demo.appId, password: demo.appSecret },
        pinterest_oauth2: { flows: { authorizationCode: { selectedScopes: allScopes, ...app } } },
        client_credentials: { flows: { clientCredentials: { selectedScopes: allScopes, ...app } } },
      },
    },
    defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
  }
}
