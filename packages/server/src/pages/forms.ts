import type { FastifyReply, FastifyRequest } from 'fastify'
import { pageHeaders } from './html.ts'
import { problemPage } from './problem-page.ts'

/** Returns the fields of a form that was sent. */
export function formOf(request: FastifyRequest): Record<string, unknown> {
  return typeof request.body === 'object' && request.body !== null ? (request.body as Record<string, unknown>) : {}
}

/** Returns a field; a field that is missing or repeated is empty. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Returns a path of this server to go to; anything else would let a link here lead elsewhere. */
export function localPath(value: unknown): string {
  const path = text(value)
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : '/oauth/sign-in'
}

/** Returns the path to go to that the query of a page names. */
export const returnToOf = (request: FastifyRequest): string =>
  localPath((request.query as Record<string, unknown>).return_to)

/**
 * Returns whether a form was sent by a page of this server. Browsers say where a form came from; other programs do not.
 * Behind a proxy the Host header may differ from the browser's: then the public address counts.
 */
export function isSameOrigin(request: FastifyRequest, publicUrl: string): boolean {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  if (origin !== undefined) return URL.parse(origin)?.host === host || origin === URL.parse(publicUrl)?.origin
  return site === undefined || site === 'same-origin' || site === 'none'
}

/** Answers with a page. */
export const show = (reply: FastifyReply, status: number, html: string): FastifyReply =>
  reply.code(status).headers(pageHeaders).send(html)

/** Answers a form that was not sent by a page of this server. */
export const refuseForged = (reply: FastifyReply): FastifyReply =>
  show(
    reply,
    403,
    problemPage({
      side: 'visitor',
      title: 'That did not come from here',
      explanation: 'Go back, load the page again, and try once more.',
      forDevelopers:
        'Forms are taken from this server’s own pages alone, with the hidden fields that they hold. A program gets tokens at /v5/oauth/token.',
    }),
  )

/** Formats the time to wait: in seconds up to two minutes, and then in minutes. */
export const waitText = (seconds: number): string =>
  seconds <= 120 ? `${seconds} second${seconds === 1 ? '' : 's'}` : `${Math.ceil(seconds / 60)} minutes`
