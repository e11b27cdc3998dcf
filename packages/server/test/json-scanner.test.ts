import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonScanner, type ScannedJson } from '../src/http/body/json-scanner.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const picture = (size = 60_000) => randomBytes(size)

/** Scans a body that arrives in parts of `size` bytes. */
async function scan(body: string | Buffer, size = 64 * 1024): Promise<ScannedJson> {
  const scanner = new JsonScanner({ mostBytes: 256 * 1024, takesPictures: true })
  const bytes = Buffer.from(body)
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size))
  return scanner.end()
}

/** Returns a body with its pictures put back. */
async function putBack(body: string, size?: number): Promise<unknown> {
  const { json, pictures } = await scan(body, size)
  return JSON.parse(json.toString(), (_key, value) => pictures.get(value)?.toString('base64') ?? value)
}

test('a picture is taken out, and its hash stands in its place, however the body is cut', async () => {
  for (const size of [60_000, 60_001, 60_002, 3_000_000])
    for (const cut of [1000, 4097, 65_536, 10_000_000]) {
      const bytes = picture(size)
      const body = { board_id: '1', media_source: { data: bytes.toString('base64'), content_type: 'image/png' } }
      const { json, pictures } = await scan(JSON.stringify(body), cut)
      const data = sha256(bytes)
      expect(JSON.parse(json.toString())).toEqual({ ...body, media_source: { data, content_type: 'image/png' } })
      expect([...pictures.keys()]).toEqual([data])
      expect(pictures.get(data)?.equals(bytes)).toBe(true)
    }
})

test('every picture of a carousel is, and a cover, also where padding is left out', async () => {
  const [one, two] = [picture(60_001), picture(70_000)]
  const body = { items: [{ data: one.toString('base64').replace(/=+$/, '') }, { data: two.toString('base64') }] }
  const { pictures } = await scan(JSON.stringify(body))
  expect([...pictures.keys()]).toEqual([sha256(one), sha256(two)])
  const cover = await scan(JSON.stringify({ cover_image_data: one.toString('base64') }))
  expect([...cover.pictures.keys()]).toEqual([sha256(one)])
})

test('a picture is one too as PHP, .NET and Gson escape it (12.1)', async () => {
  const bytes = picture(60_001)
  const escaped = [
    bytes.toString('base64').replaceAll('/', '\\/'),
    bytes.toString('base64').replaceAll('+', '\\u002B'),
    bytes.toString('base64').replaceAll('=', '\\u003d'),
  ]
  for (const data of escaped)
    for (const cut of [1, 7, 4099, 65_536]) {
      const { json, pictures } = await scan(`{"data":"${data}"}`, cut)
      expect([JSON.parse(json.toString()), pictures.get(sha256(bytes))?.equals(bytes)]).toEqual([
        { data: sha256(bytes) },
        true,
      ])
    }
})

test('a long text that should be a picture and is no base64 is refused', async () => {
  const long = picture().toString('base64')
  for (const data of [`${long}*`, `${long.slice(4)}-_-_`, `${long}\n`, `${long}=====`, `${long}A`, `==${long}`])
    for (const body of [JSON.stringify({ data }), JSON.stringify({ data: { cover_image_data: data } }, null, 2)])
      await expect(scan(body), data.slice(-8)).rejects.toThrow('is not base64')
  await expect(scan(`{"data":"${long}\\u005c/A"}`)).rejects.toThrow('is not base64')
})

test('what is no picture stays', async () => {
  const long = picture(40_000).toString('base64')
  const elsewhere = JSON.stringify({ title: long, metadata: long, list: [long], [long]: 'data', data: 'AAAA' })
  expect((await scan(elsewhere)).json.toString()).toBe(elsewhere)
})

test('a body says the same as before, whatever stands around its pictures and however it is cut', async () => {
  const awkward = fc.constantFrom('"data": "', '\\', '\\"', '"', '{"data":', 'é', '\u2028', '')
  const text = fc.array(fc.oneof(awkward, fc.string()), { maxLength: 6 }).map((parts) => parts.join(''))
  const long = fc.integer({ min: 3000, max: 5000 }).map((size) => picture(size).toString('base64'))
  const body = fc.record(
    { title: text, data: fc.oneof(long, text), items: fc.array(fc.record({ 'a"b': text, data: long, c: text })) },
    { requiredKeys: [] },
  )
  const indent = fc.constantFrom(undefined, 1, '\t')
  await fc.assert(
    fc.asyncProperty(body, indent, fc.integer({ min: 1, max: 9000 }), async (value, space, cut) => {
      expect(await putBack(JSON.stringify(value, null, space), cut)).toEqual(value)
    }),
    { numRuns: 50 },
  )
})

test('what is no JSON is left for the parser to refuse', async () => {
  const data = picture().toString('base64')
  for (const body of [`{"data": "${data}`, `{"data": "${data}" `, `"data": "${data}"`, '"', '{"data":"\\', '"\\"'])
    await expect(putBack(body)).rejects.toThrow(SyntaxError)
})

test('how deep, how many and how much is seen before all of it has come (12.1)', () => {
  const scanner = () => new JsonScanner({ mostBytes: 256 * 1024, takesPictures: true })
  expect(() => scanner().push(Buffer.from('[{"a":'.repeat(17)))).toThrow('nested more than 32 levels deep')
  expect(() => scanner().push(Buffer.from(`{"x":[${'{},'.repeat(15_000)}`))).toThrow('more than 30000 values')
  expect(() => scanner().push(Buffer.from(`{"x":"${'x'.repeat(256 * 1024)}`))).toThrow('262144 bytes are the most')
  const texts = scanner()
  texts.push(Buffer.from(JSON.stringify({ title: '[{,'.repeat(40_000) })))
})
