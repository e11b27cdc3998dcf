import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { extractPictures } from '../src/http/extract-pictures.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const picture = (size = 60_000) => randomBytes(size)

/** What a body says with its pictures put back. */
async function putBack(body: string): Promise<unknown> {
  const { json, pictures } = await extractPictures(Buffer.from(body))
  return JSON.parse(json.toString(), (_key, value) => pictures.get(value)?.toString('base64') ?? value)
}

test('a picture is taken out, and its hash stands in its place', async () => {
  for (const size of [60_000, 60_001, 60_002, 3_000_000]) {
    const bytes = picture(size)
    const body = { board_id: '1', media_source: { data: bytes.toString('base64'), content_type: 'image/png' } }
    const { json, pictures } = await extractPictures(Buffer.from(JSON.stringify(body)))
    const data = sha256(bytes)
    expect(JSON.parse(json.toString())).toEqual({ ...body, media_source: { data, content_type: 'image/png' } })
    expect([...pictures.keys()]).toEqual([data])
    expect(pictures.get(data)?.equals(bytes)).toBe(true)
  }
})

test('every picture of a carousel is, and a cover, also where padding is left out', async () => {
  const [one, two] = [picture(60_001), picture(70_000)]
  const body = { items: [{ data: one.toString('base64').replace(/=+$/, '') }, { data: two.toString('base64') }] }
  const { pictures } = await extractPictures(Buffer.from(JSON.stringify(body)))
  expect([...pictures.keys()]).toEqual([sha256(one), sha256(two)])
  const cover = await extractPictures(Buffer.from(JSON.stringify({ cover_image_data: one.toString('base64') })))
  expect([...cover.pictures.keys()]).toEqual([sha256(one)])
})

test('what is no base64, and what is no picture, stays', async () => {
  const long = picture().toString('base64')
  for (const data of [`${long}*`, `${long.slice(4)}-_-_`, `${long}\n`, `${long}=====`, `${long}A`, `==${long}`, 'AAAA'])
    for (const body of [JSON.stringify({ data }), JSON.stringify({ data: { data } }, null, 2)]) {
      const { json, pictures } = await extractPictures(Buffer.from(body))
      expect([json.toString() === body, pictures.size]).toEqual([true, 0])
    }
  const elsewhere = JSON.stringify({ title: long, metadata: long, list: [long], [long]: 'data' })
  expect((await extractPictures(Buffer.from(elsewhere))).json.toString()).toBe(elsewhere)
})

test('a body says the same as before, whatever stands around its pictures', async () => {
  const awkward = fc.constantFrom('"data": "', '\\', '\\"', '"', '{"data":', 'é', '\u2028', '')
  const text = fc.array(fc.oneof(awkward, fc.string()), { maxLength: 6 }).map((parts) => parts.join(''))
  const long = fc.integer({ min: 48_000, max: 52_000 }).map((size) => picture(size).toString('base64'))
  const body = fc.record(
    { title: text, data: fc.oneof(long, text), items: fc.array(fc.record({ 'a"b': text, data: long, c: text })) },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom(undefined, 1, '\t'), async (value, indent) => {
      expect(await putBack(JSON.stringify(value, null, indent))).toEqual(value)
    }),
    { numRuns: 50 },
  )
})

test('what is no JSON is left for the parser to refuse', async () => {
  const data = picture().toString('base64')
  for (const body of [`{"data": "${data}`, `{"data": "${data}" `, `"data": "${data}"`, '"', '{"data":"\\', '"\\"'])
    await expect(putBack(body)).rejects.toThrow(SyntaxError)
})
