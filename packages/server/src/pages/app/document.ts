import type { FastifyRequest } from 'fastify'
import { Html, html } from '../html.ts'
import type { BuiltFiles } from './built-files.ts'
import type { Card } from './cards.ts'
import { firstPictures, preloadOfPin, preloads } from './first-pictures.ts'

/** The page that loads the app. */
export interface Document {
  text: string
  headers: Record<string, string>
}

/** What a page shows. */
export interface Content {
  /** Its card, if anybody may see it. */
  card?: Card | undefined
  /** The answers to what the app reads first, as JSON text, by their addresses. */
  answers?: ReadonlyMap<string, string>
}

export interface DocumentOptions {
  files: BuiltFiles
  /** Returns the origins that pictures and videos may come from, beside this server's. */
  mediaOrigins: () => Promise<readonly string[]>
}

/**
 * Returns a function that makes the page for a request: in the language and the looks that its visitor chose before, so
 * that nothing changes once it is there; and with what other programs read of it, if its content is public.
 */
export function documents({ files, mediaOrigins }: DocumentOptions) {
  return async (request: FastifyRequest, { card, answers = new Map() }: Content): Promise<Document> => {
    const { html: template, languages } = await files.index()
    const { cookies } = request
    const language = languageFor(cookies.pinfold_language, request.headers['accept-language'], languages)
    const hasLargePictures = cookies.pinfold_density === 'large'
    const looks = [
      oneOf(cookies.pinfold_theme, ['light', 'dark'], (theme) => html` data-theme="${theme}"`),
      oneOf(cookies.pinfold_density, ['compact', 'large'], (density) => html` data-density="${density}"`),
    ]
    const text = template
      .replace('<html lang="en">', () => html`<html lang="${language}"${looks}>`.text)
      .replace('<!--head-->', () => headOf(card).text)
      .replace(
        '<!--first-->',
        () =>
          firstAnswers(answers) + preloadOfPin(answers) + (hasLargePictures ? '' : preloads(firstPictures(answers))),
      )
    return { text, headers: headersFor(await mediaOrigins()) }
  }
}

/**
 * Writes answers as data in the page, which the app takes in place of requests. It is no script to the browser, whose policy
 * takes none within a page; and nothing in it ends it, for in JSON a `<` is only in texts, where it can be escaped.
 */
function firstAnswers(answers: ReadonlyMap<string, string>): string {
  const members = Array.from(answers, ([address, text]) => `${JSON.stringify(address)}:${text}`)
  return `<script type="application/json" id="first-answers">{${members.join().replaceAll('<', '\\u003c')}}</script>`
}

function oneOf(value: string | undefined, known: readonly string[], render: (value: string) => Html): Html {
  return value !== undefined && known.includes(value) ? render(value) : new Html('')
}

/** Returns the language that was chosen, or else the one that the browser prefers among those there are. */
function languageFor(chosen: string | undefined, accepted = '', known: readonly string[]): string {
  if (chosen !== undefined && known.includes(chosen)) return chosen
  const wanted = accepted.split(',').map((part) => {
    const [tag = '', weight] = part.trim().split(/;\s*q=/)
    return { code: tag.split('-')[0]?.toLowerCase() ?? '', weight: weight === undefined ? 1 : Number(weight) }
  })
  const best = wanted.sort((a, b) => b.weight - a.weight).find(({ code, weight }) => weight > 0 && known.includes(code))
  return best?.code ?? 'en'
}

function headOf(card: Card | undefined): Html {
  if (!card) return html`<title>Pinfold</title><meta name="robots" content="noindex">`
  const { title, description, type, url, picture, feed, oembed } = card
  return html`<title>${title && `${title} · `}Pinfold</title>
${description && html`<meta name="description" content="${description}"><meta property="og:description" content="${description}">`}
<link rel="canonical" href="${url}">
<meta property="og:site_name" content="Pinfold"><meta property="og:type" content="${type}">
<meta property="og:title" content="${title || 'Pinfold'}"><meta property="og:url" content="${url}">
${picture && html`<meta property="og:image" content="${picture.url}"><meta name="twitter:card" content="summary_large_image">`}
${picture?.width && html`<meta property="og:image:width" content="${picture.width}"><meta property="og:image:height" content="${picture.height}">`}
${picture?.alt && html`<meta property="og:image:alt" content="${picture.alt}">`}
${oembed && html`<link rel="alternate" type="application/json+oembed" href="${oembed}" title="${title}">`}
${feed && html`<link rel="alternate" type="application/rss+xml" href="${feed}" title="${title}">`}`
}

/** The browser takes scripts, styles and fonts from this server alone, none within the page, and nobody frames it. */
function headersFor(mediaOrigins: readonly string[]): Record<string, string> {
  const media = ["'self'", 'blob:', ...mediaOrigins].join(' ')
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "font-src 'self'",
      "connect-src 'self'",
      `img-src ${media}`,
      `media-src ${media}`,
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
    vary: 'cookie, accept-language',
  }
}
