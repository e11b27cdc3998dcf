import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'

/** Returns a small picture of one colour, as bytes. Different `hue`s make different pictures. */
export async function picture(
  { width = 40, height = 60, hue = 120 }: { width?: number; height?: number; hue?: number } = {},
  format: 'jpeg' | 'png' | 'gif' | 'webp' | 'avif' = 'jpeg',
): Promise<Buffer> {
  const background = { r: hue % 256, g: (hue * 7) % 256, b: (hue * 13) % 256 }
  return sharp({ create: { width, height, channels: 3, background } })
    .toFormat(format)
    .toBuffer()
}

/** Returns a media source that contains a picture. */
export async function base64Source(hue = 120) {
  const bytes = await picture({ hue })
  return { source_type: 'image_base64', content_type: 'image/jpeg', data: bytes.toString('base64') }
}

/** Starts a web server on loopback for the test, to fetch pictures from. */
export async function webServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Returns a JPEG of horizontal bands, each of a colour and with a share of the height in percent. */
export async function banded(bands: Readonly<Record<string, number>>, { width = 300, height = 400 } = {}) {
  let top = 0
  const drawn = Object.entries(bands).map(([colour, share]) => {
    const y = (top * height) / 100
    top += share
    return `<rect width="${width}" y="${y}" height="${(share * height) / 100}" fill="${colour}"/>`
  })
  return drawing(drawn.join(''), { width, height }).jpeg({ quality: 90 }).toBuffer()
}

/** Returns a drawing by the shapes of its SVG, to be written in any format and size. */
export const drawing = (shapes: string, { width = 300, height = 400 } = {}) =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes}</svg>`))

/** Returns a media source that contains a JPEG. */
export const jpegSource = (bytes: Buffer) => ({
  source_type: 'image_base64',
  content_type: 'image/jpeg',
  data: bytes.toString('base64'),
})
