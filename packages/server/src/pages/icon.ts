import type { FastifyInstance } from 'fastify'

/** The mark of `html.ts` on paper, as a PNG of 32 pixels in an ICO, which every browser accepts. */
const icon = Buffer.from(
  'AAABAAEAICAAAAEAIABkAgAAFgAAAIlQTkcNChoKAAAADUlIRFIAAAAgAAAAIAgDAAAARKSKxgAAAMBQTFRFTGlx////////////////////////' +
    '////////////////////////////////////////////////////////////////////////FGFJ0N/bQ4Ft7aMf3+nm0eDb9c6I4Orna5uM8fb0' +
    '76w2Uot5//36HmhRvtTN8PX0aZqLU4t6H2hSHWdQvtPM76w1/P39ocC22ebibZ2OscrC9/n5R4NwosC3zN3YUYp47603S4Z0wNXOv9TOn7+176w0' +
    '9c6HPdgkigAAABh0Uk5TAPBOzf3xf8wS7kwTUO998/IUfstPgc6AS+QXAgAAAAlwSFlzAAAuIwAALiMBeKU/dgAAASZJREFUOMuFk+ligjAQhBcV' +
    '8KhWe26ghAootFV734fv/1bNJiRWYuz8WWQ+JMzuAgBMTtuHaGkcBgOQOvDQoWFL+h10qiOIiYd71OvCubxIIp6papRI4wjOqFwxxualqkZTckKg' +
    '8yfyxnVdjS6F5QNhkfwd19UoIm8L4NsAt4Bq/te/ySwAyyI2Kr7QBnbIAVS8zqEBzNarPJ0hLhc6hwaQXgiliIXJoQGsCPhBjB05YE7Auw3oqM0r' +
    'mgBOKZdPccg0l4e0ANPuWjbQkAUs30S2H99OoFqo9ry6AN3mFxegB+VuFzA2OTD2qIFN1B60dQ6MPT9poKTJeVBDG6Ae9/vbzXdmPJKtwhEMhv8s' +
    'DpzsW70+LWer53y+r9a7G4S+7frHI/H/8AtDpGG2jjE21AAAAABJRU5ErkJggg==',
  'base64',
)

/** Serves `/favicon.ico`, which browsers request unasked. */
export function serveIcon(app: FastifyInstance): void {
  app.get('/favicon.ico', (_request, reply) =>
    reply.headers({ 'cache-control': 'public, max-age=86400' }).type('image/x-icon').send(icon),
  )
}
