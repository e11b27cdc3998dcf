import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeAdBelongings } from '@pinfold/test-support/ads'
import { main, pinfold, withBundle } from '@pinfold/test-support/command'
import { has } from '@pinfold/test-support/installed'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'
import { sparkline } from '../program/analytics/sparkline.ts'

let server: TestServer
let folder: string
let board: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-analytics-'))
  server = await startTestServer()
  board = (await server.post('/boards', { name: 'Coats' })).body.id
  return () => rm(folder, { recursive: true, force: true })
})

const alice = () => ({
  PINTEREST_API_URI: server.url,
  PINTEREST_ACCESS_TOKEN: people.alice.token,
})

async function run(...args: string[]) {
  const command = pinfold(['analytics', ...args], { env: alice(), cwd: folder })
  const code = await command.ended
  return { code, out: command.stdout(), err: command.stderr() }
}

/** Returns the output of a command that must succeed. */
async function ok(...args: string[]): Promise<string> {
  const { code, out, err } = await run(...args)
  expect([code, err]).toEqual([0, ''])
  return out
}

async function newPin(title: string): Promise<string> {
  const media_source = await base64Source(7)
  return (await server.post('/pins', { board_id: board, title, media_source })).body.id
}

describe('pinfold analytics', () => {
  // The servers' clocks begin on 14 March 2026.
  const days = ['--from', '2026-03-11', '--to', '2026-03-13']
  let coat: string
  let hat: string
  beforeAll(async () => {
    coat = await newPin('Coat')
    hat = await newPin('Hat, "new"')
    const row = (pin_id: string, date: string, metric: string, value: number, app_type = 'WEB') => ({
      ...{ pin_id, date, metric, value, app_type },
    })
    const { body } = await server.post('/_pinfold/analytics/history', {
      rows: [
        row(coat, '2026-03-11', 'IMPRESSION', 1000),
        row(coat, '2026-03-12', 'IMPRESSION', 250, 'MOBILE'),
        row(coat, '2026-03-12', 'SAVE', 25),
        row(coat, '2026-03-12', 'TOTAL_COMMENTS', 3),
        row(hat, '2026-03-12', 'IMPRESSION', 10),
        row(hat, '2026-03-12', 'SAVE', 30),
      ],
    })
    expect(body).toEqual({ loaded: 6, errors: [] })
  })

  test('prints the days of a Pin as rows with tabs, as CSV and as the API gives them', async () => {
    const metrics = ['--metrics', 'impression,Save Rate']
    expect(await ok('pin', coat, ...days, ...metrics)).toBe(
      '2026-03-11\t1000\t0\tREADY\n2026-03-12\t250\t0.1\tREADY\n2026-03-13\t0\t0\tBEFORE_PIN_CREATED\n',
    )
    expect(await ok('pin', coat, ...days, ...metrics, '--csv', '--split', 'APP_TYPE')).toBe(
      [
        'date,part,IMPRESSION,SAVE_RATE,data_status',
        '2026-03-11,all,1000,0,READY',
        '2026-03-12,all,250,0.1,READY',
        '2026-03-13,all,0,0,BEFORE_PIN_CREATED',
        '2026-03-11,MOBILE,0,0,BEFORE_PIN_CREATED',
        '2026-03-12,MOBILE,250,0,READY',
        '2026-03-13,MOBILE,0,0,BEFORE_PIN_CREATED',
        ...['2026-03-11', '2026-03-12', '2026-03-13'].map((day) => `${day},TABLET,0,0,BEFORE_PIN_CREATED`),
        '2026-03-11,WEB,1000,0,READY',
        '2026-03-12,WEB,0,0,READY',
        '2026-03-13,WEB,0,0,BEFORE_PIN_CREATED',
        '',
      ].join('\r\n'),
    )
    const query = 'start_date=2026-03-11&end_date=2026-03-13&metric_types=IMPRESSION,SAVE,PIN_CLICK,OUTBOUND_CLICK'
    const answer = await server.get(`/pins/${coat}/analytics?${query}&app_types=MOBILE`)
    expect(JSON.parse(await ok('pin', coat, ...days, '--json', '--app-types', 'MOBILE'))).toEqual(answer.body)
  })

  test('prints the days of the account, of some of its Pins too', async () => {
    const day = ['--from', '2026-03-12', '--to', '2026-03-12', '--metrics', 'ENGAGEMENT']
    expect(await ok('account', ...day)).toBe('2026-03-12\t55\tREADY\n')
    expect(await ok('account', ...day, '--from-claimed-content', 'CLAIMED')).toMatch(/^2026-03-12\t0\t/)
    expect(await ok('account', ...day, '--pin-format', 'ORGANIC_IMAGE')).toBe('2026-03-12\t55\tREADY\n')
    expect(await ok('account', ...day, '--content-type', 'PAID')).toMatch(/^2026-03-12\t0\t/)
    expect(await ok('account', ...day, '--source', 'YOUR_PINS')).toBe('2026-03-12\t55\tREADY\n')
  })

  test('lists top Pins with their titles', async () => {
    expect(await ok('top', ...days, '--metrics', 'SAVE')).toBe(`${coat}\t25\tCoat\n${hat}\t30\tHat, "new"\n`)
    expect(await ok('top', ...days, '--metrics', 'SAVE,IMPRESSION', '--sort-by', 'save', '--count', '1', '--csv')).toBe(
      `pin_id,SAVE,IMPRESSION\r\n${hat},30,10\r\n`,
    )
    const { pins, sort_by } = JSON.parse(await ok('top', ...days, '--recent', '--json'))
    expect([pins.map(({ pin_id }: { pin_id: string }) => pin_id), sort_by]).toEqual([[coat, hat], 'IMPRESSION'])
    expect(JSON.parse(await ok('top', ...days, '--video', '--json'))).toMatchObject({
      pins: [],
      sort_by: 'VIDEO_MRC_VIEW',
    })
  })

  test.skipIf(!has('script', '--version'))('on a terminal shows a bar for each day, and the sums', async () => {
    const onTerminal = async (args: string) => {
      const command = `stty cols 80; "${process.execPath}" ${withBundle} -- "${main}" analytics ${args}`
      const env = { ...process.env, ...alice() }
      const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], { env })
      return stdout.replaceAll('\r', '')
    }
    expect(await onTerminal(`pin ${coat} ${days.join(' ')} --metrics IMPRESSION,SAVE_RATE,TOTAL_COMMENTS`)).toBe(
      [
        'date        IMPRESSION  SAVE_RATE',
        '2026-03-11       1,000       0.0%',
        '2026-03-12         250      10.0%',
        '2026-03-13           0       0.0%  before pin created',
        '',
        'IMPRESSION      █▃▁                1,250',
        'SAVE_RATE       ▁█▁                 2.0%',
        'TOTAL_COMMENTS  since it was made      3',
        '',
        '',
      ].join('\n'),
    )
    expect(await onTerminal(`top ${days.join(' ')} --metrics SAVE`)).toMatch(
      /^id +SAVE {2}title\n\d+ +25 {2}Coat\n\d+ +30 {2}Hat, "new"\n$/,
    )
  })

  test('tells what is wrong with a call, and what the service does not give', async () => {
    const wrong = [
      ['pin'],
      ['pin', coat, '--metrics', 'LIKES'],
      ['pin', coat, '--from', '2026-02-30'],
      ['account', '--from', '2026-03-02', '--to', '2026-03-01'],
      ['account', '--csv', '--json'],
      ['top', '--sort-by', 'SAVE_RATE'],
      ['top', '--count', '51'],
    ]
    for (const { code, out, err } of await Promise.all(wrong.map((args) => run(...args)))) {
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(/^pinfold: /)
    }
    expect(await run('pin', '1', ...days)).toMatchObject({ code: 4, out: '' })
    const tooLong = await run('account', '--from', '2025-03-11', '--to', '2026-03-13')
    expect(tooLong).toMatchObject({ code: 1, err: expect.stringContaining('from the last 90 days') })
  })
})

describe('pinfold analytics import', () => {
  const importJson = async (...args: string[]) => {
    const { code, out, err } = await run('import', ...args, '--json')
    if (out === '') throw new Error(`It printed no report: ${code} ${err}`)
    return { code, report: JSON.parse(out) }
  }
  const everOf = async (pin: string) =>
    (await server.get(`/pins/${pin}?pin_metrics=true`)).body.pin_metrics.lifetime_metrics

  test('loads the rows that are right, lists the others by their lines, and tries them again', async () => {
    const pin = await newPin('Scarf')
    const rows = [
      'Date,PIN_ID,Metric,Value,App Type,Remark',
      `2026-03-01,${pin},impression,100,mobile,`,
      '',
      `2026-03-01,${pin},Pin click,7,,"two`,
      'lines"',
      `2026-02-30,${pin},IMPRESSION,1,,`,
      `2026-03-02,${pin},LIKES,1,,`,
      `2026-03-02,${pin},SAVE,1e3,,`,
      '2026-03-02,12,SAVE,1,,',
      `2026-03-02,${pin},SAVE,,,`,
      `2026-03-01,${pin},IMPRESSION,120,MOBILE,`,
    ]
    const file = join(folder, 'history.csv')
    await writeFile(file, `\ufeff${rows.join('\r\n')}\r\n`)
    const first = await importJson(file)
    expect(first).toMatchObject({ code: 5, report: { rows: 8, loaded: 3, loaded_before: 0, failed: 5, stopped: null } })
    expect(first.report.failures.map(({ line }: { line: number }) => line)).toEqual([6, 7, 8, 9, 10])
    const reasons = first.report.failures.map(({ reason }: { reason: string }) => reason).join('\n')
    expect(reasons).toMatch(
      /'2026-02-30' is not a date[\s\S]*'LIKES' is not one of[\s\S]*no Pin of yours[\s\S]*nothing is not/,
    )
    expect(first.report.notes).toEqual(['The column "Remark" is not known and was left out (1)'])
    expect(await everOf(pin)).toMatchObject({ impression: 120, pin_click: 7, save: 0 })

    expect(await importJson(file)).toMatchObject({ code: 5, report: { loaded: 0, loaded_before: 3, failed: 5 } })
    // Corrected, and one number changed.
    const mended = [...rows.slice(0, 5), `2026-02-28,${pin},IMPRESSION,1,,`, `2026-03-01,${pin},IMPRESSION,90,MOBILE,`]
    await writeFile(file, mended.join('\n'))
    const { code, out } = await run('import', file)
    expect([code, out]).toEqual([0, expect.stringMatching(/^4 rows loaded in \d+ s \(\d+ a second\)\.\nThe column/)])
    expect(await everOf(pin)).toMatchObject({ impression: 91, pin_click: 7 })
  })

  test('loads rows of ads beside those of Pins', async () => {
    const [pin, ads] = [await newPin('Cap'), await makeAdBelongings(server)]
    const file = join(folder, 'ads.csv')
    const rows = [
      'date,pin,ad id,metric,value',
      `2026-03-11,,${ads.ad_id},Spend in micro dollar,12340000`,
      `2026-03-11,${pin},,SAVE,3`,
      `2026-03-11,,${ads.ad_id},SAVE,3`,
      `2026-03-11,${pin},${ads.ad_id},IMPRESSION_1,3`,
    ]
    await writeFile(file, rows.join('\n'))
    const { code, report } = await importJson(file)
    expect([code, report.loaded]).toEqual([5, 2])
    expect(report.failures).toEqual([
      { line: 4, reason: expect.stringContaining("'SAVE' is not one of SPEND_IN_MICRO_DOLLAR") },
      { line: 5, reason: expect.stringContaining('a row is of a Pin or of an ad') },
    ])
    expect(await everOf(pin)).toMatchObject({ save: 3 })
    const query = 'start_date=2026-03-11&end_date=2026-03-11&granularity=TOTAL&columns=SPEND_IN_MICRO_DOLLAR'
    const { body } = await server.get(`/ad_accounts/${ads.ad_account_id}/analytics?${query}`)
    expect(body).toMatchObject([{ SPEND_IN_MICRO_DOLLAR: 12_340_000 }])

    await writeFile(file, `date,ad_id,metric,value\n2026-03-12,${ads.ad_id},IMPRESSION_1,1000`)
    expect(await importJson(file)).toMatchObject({ code: 0, report: { loaded: 1, failed: 0 } })
  })

  test('goes on where it was killed', async () => {
    const pins = [await newPin('Glove'), await newPin('Mitten')]
    const rows: string[] = []
    for (let daysAgo = 0; daysAgo < 600; daysAgo++)
      for (const pin of pins)
        for (const metric of ['IMPRESSION', 'PIN_CLICK'])
          for (const app of ['MOBILE', 'TABLET', 'WEB'])
            rows.push(`${new Date(server.clock.now() - daysAgo * 86_400_000).toISOString()},${pin},${metric},2,${app}`)
    const file = join(folder, 'long.csv')
    await writeFile(file, ['date,pin,metric,value,app_type', ...rows].join('\n'))
    const journal = () => readFile(`${file}.pinfold-journal.jsonl`, 'utf8').catch(() => '')
    const killed = pinfold(['analytics', 'import', file], { env: alice() })
    await expect.poll(journal, { interval: 5 }).toContain('"batch":1')
    await killed.kill()
    const done = (await journal()).trimEnd().split('\n').length - 1
    const { code, report } = await importJson(file)
    expect([code, report.loaded + report.loaded_before, report.failed]).toEqual([0, 7200, 0])
    expect(report.loaded_before).toBeGreaterThanOrEqual((done - 1) * 1000)
    for (const pin of pins) expect(await everOf(pin)).toMatchObject({ impression: 3600, pin_click: 3600 })
    expect((await importJson(file)).report).toMatchObject({ loaded: 0, loaded_before: 7200 })
  })

  test('refuses what is no such file, and a service that is not there', async () => {
    const bad = join(folder, 'bad.csv')
    await writeFile(bad, 'day,pin,metric,value\n')
    expect(await run('import', bad)).toMatchObject({ code: 1, err: expect.stringContaining('no column "date"') })
    await writeFile(bad, 'date,metric,value\n')
    expect(await run('import', bad)).toMatchObject({
      code: 1,
      err: expect.stringContaining('must name date, pin or ad'),
    })
    await writeFile(bad, 'date,pin,metric,value\n"never closed')
    expect(await run('import', bad)).toMatchObject({ code: 1, err: expect.stringContaining('is not CSV') })
    expect(await run('import', join(folder, 'gone.csv'))).toMatchObject({ code: 2 })
  })
})

test('a sparkline goes from 0 to the most, and takes no more than its width', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█')
  expect(sparkline([0, 2, 6, 8, 0, 0], 3)).toBe('▂█▁')
  expect(sparkline([0, 0], 8)).toBe('▁▁')
})
