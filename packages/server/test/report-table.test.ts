import { reportColumns } from '@pinfold/contract'
import { describe, expect, test } from 'vitest'
import { type KeyedRow, type ReportTable, reportTable } from '../src/domains/ads/reports/report-table.ts'

const named = (...names: string[]) => names.flatMap((name) => reportColumns().get(name) ?? [])
const columns = named('CAMPAIGN_NAME', 'SPEND_IN_DOLLAR', 'CTR', 'CAMPAIGN_DAILY_SPEND_CAP')
const row = (key: string, values: KeyedRow['row']): KeyedRow => ({ key, row: { CAMPAIGN_ID: key, ...values } })

async function written(pieces: KeyedRow[][], more: Partial<ReportTable> = {}): Promise<string> {
  async function* given() {
    yield* pieces
  }
  const table = { format: 'JSON', labels: ['CAMPAIGN_ID', 'DATE'], columns, ...more } as const
  return (await Array.fromAsync(reportTable(given(), table))).join('')
}
const json = async (...given: Parameters<typeof written>) => JSON.parse(await written(...given))
const csv = async (pieces: KeyedRow[][], more: Partial<ReportTable> = {}) =>
  (await written(pieces, { format: 'CSV', ...more })).split('\r\n')

describe('a report', () => {
  test('has its rows by their keys, however they come in pieces', async () => {
    const [a, b, c] = [row('1', { CTR: 0.1 }), row('1', { CTR: 0.2 }), row('2', { CTR: 0.3 })]
    const whole = { 1: [a.row, b.row], 2: [c.row] }
    for (const pieces of [[[a, b, c]], [[a], [b], [c]], [[], [a], [], [b, c], []]])
      expect(await json(pieces)).toEqual(whole)
    expect(await json([])).toEqual({})
    expect(await json([[], []])).toEqual({})
  })

  test('has in JSON what is not zero, in the order in which it was asked for', async () => {
    const given = { SPEND_IN_DOLLAR: 0, CTR: 0.5, CAMPAIGN_DAILY_SPEND_CAP: 0, CAMPAIGN_NAME: 'A', DATE: '2026-03-01' }
    expect(await written([[row('1', given)]])).toBe(
      '{"1":[{"CAMPAIGN_ID":"1","DATE":"2026-03-01","CAMPAIGN_NAME":"A","CTR":0.5,"CAMPAIGN_DAILY_SPEND_CAP":0}]}',
    )
  })

  test('has in CSV a line of names and every cell, with zeros for numbers', async () => {
    expect(
      await csv([[row('1', { DATE: '2026-03-01', CTR: 0.5 })], [row('2', { CAMPAIGN_NAME: 'A', CTR: 1 })]]),
    ).toEqual([
      'CAMPAIGN_ID,DATE,CAMPAIGN_NAME,SPEND_IN_DOLLAR,CTR,CAMPAIGN_DAILY_SPEND_CAP',
      '1,2026-03-01,,0,0.5,',
      '2,,A,0,1,',
      '',
    ])
    expect(await csv([])).toEqual(['CAMPAIGN_ID,DATE,CAMPAIGN_NAME,SPEND_IN_DOLLAR,CTR,CAMPAIGN_DAILY_SPEND_CAP', ''])
  })

  test('quotes in CSV what would be read otherwise, and changes nothing', async () => {
    for (const [name, cell] of [
      ['a,b', '"a,b"'],
      ['say "A"', '"say ""A"""'],
      ['two\nlines', '"two\nlines"'],
      [' blank ', '" blank "'],
      ['=1+1', '=1+1'],
      ['Ω 急須 😀', 'Ω 急須 😀'],
    ] as const) {
      const [, line] = await csv([[row('1', { CAMPAIGN_NAME: name, CTR: 1 })]], {
        columns: named('CAMPAIGN_NAME', 'CTR'),
      })
      expect(line).toBe(`1,,${cell},1`)
    }
  })

  test('leaves out rows whose numbers are all zero, unless no number was asked for', async () => {
    const rows = [
      row('1', { CTR: 0, CAMPAIGN_NAME: 'A' }),
      row('2', { CAMPAIGN_DAILY_SPEND_CAP: 5 }),
      row('3', { CTR: 1 }),
    ]
    expect(Object.keys(await json([rows]))).toEqual(['3'])
    expect((await csv([rows])).length).toBe(3)
    expect(Object.keys(await json([rows], { columns: named('CAMPAIGN_NAME') }))).toEqual(['1', '2', '3'])
    expect(await json([rows], { columns: [], labels: ['CAMPAIGN_ID'] })).toMatchObject({ 1: [{ CAMPAIGN_ID: '1' }] })
  })

  test('has each column once', async () => {
    const twice = [...named('CAMPAIGN_ID'), ...columns, ...columns]
    expect((await csv([], { columns: twice }))[0]).toBe(
      'CAMPAIGN_ID,DATE,CAMPAIGN_NAME,SPEND_IN_DOLLAR,CTR,CAMPAIGN_DAILY_SPEND_CAP',
    )
  })
})
