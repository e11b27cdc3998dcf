import type { FastifyInstance } from 'fastify'

/** The logo of `html.ts` as a PNG of 32 pixels in an ICO, which every browser accepts. */
const icon = Buffer.from(
  'AAABAAEAICAAAAEAIAAxAQAAFgAAAIlQTkcNChoKAAAADUlIRFIAAAAgAAAAIAQDAAAAgVRnxwAAADBQTFRFTGlxHGlTG2lUHGlTHWpUHGhU' +
    'HGlTHGlT////HWpUSoh2nr+2i7Kn0+Ldv9XPOX1pnmGZowAAAAh0Uk5TAOo1sdIakI6Pim/LAAAACXBIWXMAAC4jAAAuIwF4pT92AAAAk0lE' +
    'QVQoz2NgYGBKkZwJBhPdFBiAgNVyJhxMDgAKKM5EAkJABZLIAhMDGJhnogADBk1UgUkMmagC0xk8UQWmMIDM7Ojo6FoBJECmMsxEFZhJicCf' +
    'M2fOoAjA7IUL/L179y5uM969e/ceRQAEUAR27969nxKXYngfI4AwghAjkDGiASOiMKISM7IZmEpgycFdgYEBAOVAFthX4xLxAAAAAElFTkSu' +
    'QmCC',
  'base64',
)

/** Serves `/favicon.ico`, which browsers request unasked. */
export function serveIcon(app: FastifyInstance): void {
  app.get('/favicon.ico', (_request, reply) =>
    reply.headers({ 'cache-control': 'public, max-age=86400' }).type('image/x-icon').send(icon),
  )
}
