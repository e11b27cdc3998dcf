import { crc32 } from 'node:zlib'
import { onThisMachine } from '@pinfold/test-support/pace'
import fc from 'fast-check'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { MalformedPicture, type PictureFormat, stripMetadata } from '../src/domains/media/strip-metadata/index.ts'

/** Stands for data that must not be published; planted wherever a file has room for metadata. */
const secret = 'GPS 52.3702N 4.8952E'
const secretBytes = Buffer.from(`${secret}\0`)
const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>${secret}</rdf:RDF></x:xmpmeta>`

const startOfImage = Buffer.from('ffd8', 'hex')
const endOfImage = Buffer.from('ffd9', 'hex')
const timing = { loop: 3, delay: [50, 80, 110] }

const samples = await Promise.all([
  sample('baseline JPEG', 'jpeg', withSecrets(photo()).jpeg()),
  sample('progressive JPEG', 'jpeg', withSecrets(photo()).jpeg({ progressive: true })),
  sample('CMYK JPEG', 'jpeg', withExif(photo()).toColourspace('cmyk').jpeg()),
  ...[2, 3, 4, 5, 6, 7, 8].map((o) => sample(`JPEG turned by ${o}`, 'jpeg', turned(photo(), o).jpeg(), o)),
  sample('PNG', 'png', withSecrets(photo()).png()),
  sample('PNG with a palette', 'png', withExif(photo()).png({ palette: true })),
  sample('turned PNG', 'png', turned(photo(), 6).png(), 6),
  sample('GIF', 'gif', photo().gif()),
  sample('animated GIF', 'gif', animation().gif(timing)),
  sample('simple WebP', 'webp', photo().webp()),
  sample('lossy WebP', 'webp', withSecrets(photo()).webp()),
  sample('WebP with alpha', 'webp', withSecrets(glass()).webp()),
  sample('lossless WebP', 'webp', withSecrets(glass()).webp({ lossless: true })),
  sample('animated WebP', 'webp', withExif(animation()).webp(timing)),
  sample('turned WebP', 'webp', turned(photo(), 8).webp(), 8),
  sample('AVIF', 'avif', withSecrets(photo()).avif()),
  sample('AVIF with alpha', 'avif', withSecrets(glass()).avif()),
])

describe.each(samples)('$name', ({ format, bytes, orientation }) => {
  const stripped = stripMetadata(bytes, format)

  test('loses what was planted in it', () => {
    expect(bytes.includes(secret)).toBe(true)
    expect(stripped.includes(secret)).toBe(false)
  })

  test('keeps its pixels', async () => {
    expect(await pixels(stripped)).toEqual(await pixels(bytes))
  })

  test('keeps colour profile, orientation and timing, and no other metadata', async () => {
    const before = await sharp(bytes, { animated: true }).metadata()
    const after = await sharp(stripped, { animated: true }).metadata()
    expect(after.icc).toEqual(before.icc)
    expect(after.orientation).toBe(orientation)
    expect({ loop: after.loop, delay: after.delay }).toEqual({ loop: before.loop, delay: before.delay })
    expect([after.xmp, after.iptc, after.comments]).toEqual([undefined, undefined, undefined])
    expect(after.exif?.length ?? 0).toBeLessThanOrEqual(orientation ? 32 : 0)
  })

  test('is left alone the second time', () => {
    expect(stripMetadata(stripped, format).equals(stripped)).toBe(true)
  })

  test('cut short or with bits flipped, is stripped for good or refused', () => {
    const cut = fc.nat({ max: bytes.length })
    const flips = fc.array(fc.record({ at: fc.nat({ max: bytes.length - 1 }), bit: fc.nat({ max: 7 }) }), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(fc.option(cut), flips, (length, flipped) => {
        const broken = Buffer.from(bytes)
        for (const { at, bit } of flipped) broken.writeUInt8(broken.readUInt8(at) ^ (1 << bit), at)
        expectStrippedOrRefused(broken.subarray(0, length ?? broken.length), format)
      }),
      { numRuns: 300 },
    )
  })
})

describe.each(['jpeg', 'png', 'gif', 'webp', 'avif'] as const)('any bytes called %s', (format) => {
  test('are stripped for good or refused', () => {
    const anything = fc.uint8Array({ maxLength: 200 })
    const start = fc.constantFrom(...samples.filter((sample) => sample.format === format).map(({ bytes }) => bytes))
    fc.assert(
      fc.property(start, fc.nat({ max: 100 }), anything, (bytes, length, tail) => {
        expectStrippedOrRefused(Buffer.concat([bytes.subarray(0, length), tail]), format)
      }),
      { numRuns: 2000 },
    )
  })

  test('leave what was given untouched', () => {
    for (const { bytes } of samples.filter((sample) => sample.format === format)) {
      const copy = Buffer.from(bytes)
      stripMetadata(bytes, format)
      expect(bytes.equals(copy)).toBe(true)
    }
  })

  test('are refused when they are none', () => {
    expect(() => stripMetadata(Buffer.alloc(0), format)).toThrow(MalformedPicture)
    expect(() => stripMetadata(Buffer.from(secret.repeat(20)), format)).toThrow(MalformedPicture)
  })
})

describe('JPEG', () => {
  test('carries scans over byte for byte: stuffed zeros, restarts, fill bytes', () => {
    const scan = Buffer.from('ffda00080101000' + '03f00' + '12ff0034ffd056ffffd178ffffff', 'hex')
    const table = Buffer.from('ffdd00040001', 'hex')
    const jpeg = Buffer.concat([startOfImage, table, segment(0xfe, secretBytes), scan, table, scan, endOfImage])
    expect(stripMetadata(jpeg, 'jpeg')).toEqual(Buffer.concat([startOfImage, table, scan, table, scan, endOfImage]))
  })

  test('reads orientation in either byte order, and none from broken EXIF', () => {
    const littleEndian = '49492a00080000000100120103000100000003000000' + '00000000'
    const bigEndian = '4d4d002a000000080001011200030000000100030000' + '00000000'
    const beyondItsEnd = '4d4d002affffffff'
    const found = [littleEndian, bigEndian, beyondItsEnd, ''].map((tiff) => exifOrientation(Buffer.from(tiff, 'hex')))
    expect(found).toEqual([3, 3, undefined, undefined])
  })
})

describe('PNG', () => {
  test('keeps the chunks that change what is seen, in their order', () => {
    const types = ['cICP', 'mDCv', 'cLLi', 'gAMA', 'sBIT', 'pHYs', 'acTL', 'fcTL', 'IDAT', 'fcTL', 'fdAT', 'IEND']
    const png = pngOf(['IHDR', 'tIME', ...types])
    expect(stripMetadata(png, 'png')).toEqual(pngOf(['IHDR', ...types]))
  })

  test('drops a known chunk that is too long to be one', () => {
    const long = Buffer.concat([pngOf(['IHDR']), chunk('gAMA', secretBytes), chunk('IDAT'), chunk('IEND')])
    expect(stripMetadata(long, 'png')).toEqual(pngOf(['IHDR', 'IDAT', 'IEND']))
  })

  test('refuses an unknown critical chunk, which no decoder shows', () => {
    expect(() => stripMetadata(pngOf(['IHDR', 'SECR', 'IDAT', 'IEND']), 'png')).toThrow(MalformedPicture)
  })
})

describe('GIF', () => {
  test('keeps images, graphic control and the number of repeats, and of each only what it should hold', () => {
    const header = Buffer.concat([Buffer.from('GIF89a'), Buffer.from('0100010080' + '0000' + '000000ffffff', 'hex')])
    const image = Buffer.from('2c' + '0000000001000100' + '00' + '02' + '024401' + '00', 'hex')
    const trailer = Buffer.from('3b', 'hex')
    const control = Buffer.from('21f904' + '040a0000', 'hex')
    const loop = Buffer.from(`\x21\xff\x0bANIMEXTS1.0\x03\x01\x05\x00`, 'latin1')
    const end = Buffer.from([0])
    const hidden = Buffer.concat([Buffer.from([secretBytes.length]), secretBytes, end])
    const comment = Buffer.concat([Buffer.from('21fe', 'hex'), hidden])

    const gif = [
      header,
      comment,
      loop,
      hidden,
      comment,
      control,
      hidden,
      image,
      comment,
      image,
      comment,
      trailer,
      comment,
    ]
    const expected = [header, loop, end, control, end, image, image, trailer]
    expect(stripMetadata(Buffer.concat(gif), 'gif')).toEqual(Buffer.concat(expected))
  })
})

describe('AVIF', () => {
  const layouts = [0, 1, 2].flatMap((version) =>
    [0, 4, 8].flatMap((baseWidth) => [4, 8].map((width) => ({ version, baseWidth, width }))),
  )

  test.each(layouts)('finds items by iloc $version with numbers of $baseWidth and $width bytes', (layout) => {
    const avif = smallAvif(layout)
    const stripped = stripMetadata(avif, 'avif')
    expect(stripped.includes(secret)).toBe(false)
    expect(stripped.length).toBe(avif.length)
    expect(stripped.includes('PICTURE')).toBe(true)
  })

  test('finds items in idat', () => {
    const stripped = stripMetadata(smallAvif({ version: 1, baseWidth: 0, width: 4, method: 1 }), 'avif')
    expect(stripped.includes(secret)).toBe(false)
    expect(stripped.includes('PICTURE')).toBe(true)
  })

  test('takes an item without a length to go on to the end of its box', () => {
    const stripped = stripMetadata(
      smallAvif({ version: 1, baseWidth: 0, width: 4, lengthWidth: 0, only: 'Exif' }),
      'avif',
    )
    expect(stripped.includes(secret)).toBe(false)
  })

  test('refuses to erase data that a picture shares', () => {
    const shared = smallAvif({ version: 1, baseWidth: 0, width: 4, lengthWidth: 0 })
    expect(() => stripMetadata(shared, 'avif')).toThrow(MalformedPicture)
  })

  test('refuses item data outside mdat and idat', () => {
    const outside = smallAvif({ version: 1, baseWidth: 4, width: 4, shift: -10 })
    expect(() => stripMetadata(outside, 'avif')).toThrow(MalformedPicture)
  })

  test('cleans the tracks of an animation', () => {
    const times = (length: number) => Buffer.concat([Buffer.alloc(4), Buffer.alloc(8, 1), Buffer.alloc(length)])
    const secretBox = (type: string) => box(type, secretBytes)
    const media = box('mdia', box('mdhd', times(12)), box('minf', box('stbl')), secretBox('uuid'))
    const track = box('trak', box('tkhd', times(72)), media, secretBox('udta'), secretBox('meta'))
    const movie = box('moov', box('mvhd', times(88)), track, secretBox('udta'), secretBox('meta'))
    const avis = Buffer.concat([box('ftyp', 'avis'), movie, box('mdat', 'FRAMES')])

    const stripped = stripMetadata(avis, 'avif')
    expect(stripped.includes(secret)).toBe(false)
    expect(stripped.includes(Buffer.alloc(8, 1))).toBe(false)
    expect(stripped.indexOf('FRAMES')).toBe(avis.indexOf('FRAMES'))
    expect(stripped.indexOf('stbl')).toBe(avis.indexOf('stbl'))
  })

  test('leaves a property alone that goes by the name of another box', () => {
    const properties = box('iprp', box('ipco', box('moov', box('udta', 'PROPERTY')), box('mdat', 'PROPERTY')))
    const avif = Buffer.concat([box('ftyp', 'avif'), box('meta', Buffer.alloc(4), properties)])
    expect(stripMetadata(avif, 'avif')).toEqual(avif)
  })

  test('refuses extents without end soon', () => {
    const items = Buffer.alloc(1_000_000, 0xff)
    const iloc = box('iloc', Buffer.from('00000000' + '0000' + 'ffff', 'hex'), items)
    const avif = Buffer.concat([box('ftyp', 'avif'), box('meta', Buffer.alloc(4), iloc), box('mdat', 'x')])
    const start = performance.now()
    expect(() => stripMetadata(avif, 'avif')).toThrow(MalformedPicture)
    expect(performance.now() - start).toBeLessThan(onThisMachine(1000))
  })
})

function expectStrippedOrRefused(bytes: Buffer, format: PictureFormat): void {
  let stripped: Buffer
  try {
    stripped = stripMetadata(bytes, format)
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedPicture)
    return
  }
  expect(stripped.length).toBeLessThanOrEqual(bytes.length + 64)
  expect(stripMetadata(stripped, format).equals(stripped)).toBe(true)
}

async function pixels(bytes: Buffer) {
  const { data, info } = await sharp(bytes, { animated: true }).raw().toBuffer({ resolveWithObject: true })
  return { ...info, sum: crc32(data) }
}

// Pictures made by sharp

async function sample(name: string, format: PictureFormat, image: Sharp, orientation?: number) {
  const plant = { jpeg: plantInJpeg, png: plantInPng, gif: plantInGif, webp: plantInWebp, avif: plantInAvif }[format]
  return { name, format, bytes: plant(await image.toBuffer()), orientation }
}

function noise(channels: 3 | 4, seed = 7919): Sharp {
  const [width, height] = [40, 30]
  const data = Buffer.from(Array.from({ length: width * height * channels }, (_, i) => (i * seed) % 251))
  return sharp(data, { raw: { width, height, channels } })
}

function photo(): Sharp {
  return noise(3)
}

function glass(): Sharp {
  return noise(4)
}

function animation(): Sharp {
  const data = Buffer.from(Array.from({ length: 3 * 40 * 30 * 3 }, (_, i) => (i * 31) % 251))
  return sharp(data, { raw: { width: 40, height: 90, channels: 3, pageHeight: 30 } })
}

function withExif(image: Sharp): Sharp {
  return image.withExif({ IFD0: { ImageDescription: secret, Artist: secret }, IFD3: { GPSMapDatum: secret } })
}

function withSecrets(image: Sharp): Sharp {
  return withExif(image).withXmp(xmp).withIccProfile('p3')
}

function turned(image: Sharp, orientation: number): Sharp {
  return withSecrets(image).withMetadata({ orientation })
}

// Secrets where sharp puts none

function segment(marker: number, ...content: (Buffer | string)[]): Buffer {
  const payload = Buffer.concat(content.map((part) => Buffer.from(part)))
  const header = Buffer.from([0xff, marker, 0, 0])
  header.writeUInt16BE(payload.length + 2, 2)
  return Buffer.concat([header, payload])
}

/** In every kind of segment, before the header and before the last scan, and in a second picture after the end. */
function plantInJpeg(jpeg: Buffer): Buffer {
  const thumbnail = segment(0xe0, 'JFIF\0', Buffer.from('0101004800480701', 'hex'), secretBytes)
  const secrets = Buffer.concat([
    thumbnail,
    segment(0xe0, 'JFXX\0', secretBytes),
    segment(0xe1, 'http://ns.adobe.com/xmp/extension/\0', secretBytes),
    segment(0xe2, 'MPF\0', secretBytes),
    segment(0xe2, 'urn:iso:std:iso:ts:21496:-1\0', secretBytes),
    ...[0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xef, 0xfe].map((marker) =>
      segment(marker, secretBytes),
    ),
    segment(0xed, 'Photoshop 3.0\0', '8BIM\x04\x04\0\0\0\0\0\x1a\x1c\x02\x78\0\x15', secretBytes),
  ])
  const lastScan = jpeg.lastIndexOf(Buffer.from('ffda', 'hex'))
  return Buffer.concat([
    startOfImage,
    secrets,
    jpeg.subarray(2, lastScan),
    segment(0xfe, secretBytes),
    jpeg.subarray(lastScan),
    jpeg,
    secretBytes,
  ])
}

function exifOrientation(tiff: Buffer): number | undefined {
  const scan = Buffer.from('ffda0002', 'hex')
  const jpeg = Buffer.concat([startOfImage, segment(0xe1, 'Exif\0\0', tiff), scan, endOfImage])
  const stripped = stripMetadata(jpeg, 'jpeg')
  return stripped.includes('Exif') ? stripped.readUInt16BE(30) : undefined
}

function chunk(type: string, payload = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type), payload])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(payload.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

function pngOf(types: string[]): Buffer {
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...types.map((type) => chunk(type))])
}

function plantInPng(png: Buffer): Buffer {
  const afterHeader = 33
  const secrets = [
    chunk('tEXt', Buffer.from(`Comment\0${secret}`)),
    chunk('zTXt', Buffer.from(`Comment\0\0${secret}`)),
    chunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${xmp}`)),
    chunk('tIME', Buffer.from('07ea0101000000', 'hex')),
    chunk('prVt', secretBytes),
  ]
  return Buffer.concat([png.subarray(0, afterHeader), ...secrets, png.subarray(afterHeader), png, secretBytes])
}

function plantInGif(gif: Buffer): Buffer {
  const tableLength = 3 * 2 ** ((gif.readUInt8(10) & 7) + 1)
  const afterHeader = 13 + (gif.readUInt8(10) & 0x80 ? tableLength : 0)
  const subBlock = (content: Buffer | string) => Buffer.concat([Buffer.from([content.length]), Buffer.from(content)])
  const extension = (label: number, ...contents: (Buffer | string)[]) =>
    Buffer.concat([Buffer.from([0x21, label]), ...contents.map(subBlock), Buffer.from([0])])
  const secrets = [
    extension(0xfe, secretBytes, secretBytes),
    extension(0x01, Buffer.alloc(12), secretBytes),
    extension(0xff, 'XMP DataXMP', secretBytes),
    extension(0xff, 'NETSCAPE2.0', secretBytes),
    extension(0x99, secretBytes),
  ]
  return Buffer.concat([
    Buffer.from('GIF89a'),
    gif.subarray(6, afterHeader),
    ...secrets,
    gif.subarray(afterHeader, -1),
    gif.subarray(-1),
    secretBytes,
  ])
}

function riffChunk(type: string, payload: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(payload.length)
  return Buffer.concat([Buffer.from(type), length, payload, Buffer.alloc(payload.length % 2)])
}

/** In an unknown chunk at the end, one in each frame of an animation, and after the end. */
function plantInWebp(webp: Buffer): Buffer {
  const unknown = riffChunk('SECR', secretBytes)
  const parts = [webp.subarray(8, 12)]
  let next: number
  for (let at = 12; at < webp.length; at = next) {
    const type = webp.toString('latin1', at, at + 4)
    const length = webp.readUInt32LE(at + 4)
    next = at + 8 + length + (length % 2)
    const isFrame = type === 'ANMF'
    parts.push(
      isFrame ? riffChunk(type, Buffer.concat([webp.subarray(at + 8, next), unknown])) : webp.subarray(at, next),
    )
  }
  return Buffer.concat([riffChunk('RIFF', Buffer.concat([...parts, unknown])), secretBytes])
}

function box(type: string, ...content: (Buffer | string)[]): Buffer {
  const payload = Buffer.concat(content.map((part) => Buffer.from(part)))
  const size = Buffer.alloc(4)
  size.writeUInt32BE(payload.length + 8)
  return Buffer.concat([size, Buffer.from(type), payload])
}

function plantInAvif(avif: Buffer): Buffer {
  const types = ['uuid', 'udta', 'free', 'skip', 'mpvd', 'sefd']
  return Buffer.concat([avif, ...types.map((type) => box(type, secretBytes))])
}

type AvifLayout = {
  version: number
  baseWidth: number
  width: number
  lengthWidth?: number
  /** 0: the data is in mdat, 1: in idat. */
  method?: number
  /** Added to every offset, to make them wrong. */
  shift?: number
  only?: string
}

/** Returns a container of every layout that `iloc` may have, whose picture does not decode. */
function smallAvif(layout: AvifLayout): Buffer {
  const { version, baseWidth, width, lengthWidth = width, method = 0, shift = 0, only } = layout
  const contents: Record<string, string> = { av01: 'PICTURE', Exif: secret, mime: `<xmp>${secret}</xmp>`, priv: secret }
  const items = Object.entries(contents).filter(([type]) => only === undefined || type === only)
  const data = Buffer.from(items.map(([, content]) => content).join(''))
  const idWidth = version === 2 ? 4 : 2

  const meta = (dataStart: number): Buffer => {
    const base = baseWidth === 0 ? 0 : dataStart + shift
    let offset = baseWidth === 0 ? dataStart + shift : 0
    const locations = items.map(([, content], index) => {
      const location = [
        uint(index + 1, idWidth),
        ...(version > 0 ? [uint(method, 2)] : []),
        uint(0, 2),
        uint(base, baseWidth),
        uint(1, 2),
        uint(offset, width),
        uint(content.length, lengthWidth),
      ]
      offset += content.length
      return Buffer.concat(location)
    })
    const entries = items.map(([type], index) =>
      box('infe', uint(0x02000000, 4), uint(index + 1, 2), uint(0, 2), type, `${type === 'av01' ? 'Color' : secret}\0`),
    )
    const header = [uint(version, 1), uint(0, 3), uint((width << 4) | lengthWidth, 1), uint(baseWidth << 4, 1)]
    const iloc = box('iloc', ...header, uint(items.length, idWidth), ...locations)
    const iinf = box('iinf', uint(0, 4), uint(items.length, 2), ...entries)
    const xml = box('xml ', uint(0, 4), xmp)
    const properties = box('iprp', box('ipco', box('ispe', uint(0, 4)), box('udes', uint(0, 4), secretBytes)))
    return box('meta', uint(0, 4), xml, properties, iinf, iloc, ...(method === 1 ? [box('idat', data)] : []))
  }
  const fileType = box('ftyp', 'avif', uint(0, 4), 'mif1')
  if (method === 1) return Buffer.concat([fileType, meta(0)])
  return Buffer.concat([fileType, meta(fileType.length + meta(100).length + 8), box('mdat', data)])
}

function uint(value: number, width: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes.subarray(8 - width)
}
