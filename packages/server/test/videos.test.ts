import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { h264, makeClip, pictures, probe, sound, tools } from '@pinfold/test-support/clips'
import { until } from '@pinfold/test-support/pace'
import { base64Source, webServer } from '@pinfold/test-support/pictures'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import { filesBelow } from '@pinfold/test-support/server-state'
import { expectSound } from '@pinfold/test-support/soundness'
import { clip, ended, pinOf, register, startAgain, statusOf, upload, uploaded } from '@pinfold/test-support/uploads'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

if (!tools) console.warn('ffmpeg is not installed: the tests of what it does to videos are skipped.')

let server: TestServer
let folder: string
let board: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-videos-'))
  server = await startTestServer({ ephemeral: false, dataDir: join(folder, 'data') })
  board = (await server.post('/boards', { name: 'Videos' })).body.id
  return async () => {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
})

const problemOf = async (id: string): Promise<string> => {
  const { data } = await base64Source()
  return (await pinOf(server, board, id, { cover_image_data: data })).body.message
}

/** Returns the file that was made of a clip, and the Pin that shows it. */
async function madeOf(bytes: Buffer<ArrayBuffer>) {
  const { id, status } = await uploaded(server, bytes)
  expect(status).toBe('succeeded')
  const pin = (await pinOf(server, board, id, { cover_image_key_frame_time: 0 })).body
  const path = join(folder, `${id}.mp4`)
  await writeFile(path, Buffer.from(await (await fetch(pin.media.video_url)).arrayBuffer()))
  return { pin, path, ...(await probe(path)) }
}

const codecs = ({ streams }: { streams: { codec_name: string }[] }) => streams.map(({ codec_name }) => codec_name)

describe.skipIf(!tools)('what becomes of videos', () => {
  test("a phone's MOV with rotation is upright, and says nothing of where it was made", async () => {
    const place = ['-metadata', 'location=+48.8577+002.295/']
    const lying = await makeClip([...pictures('320x180'), ...sound(), ...h264, '-c:a', 'aac', ...place], 'mov')
    expect(lying.includes('48.8577')).toBe(true)
    // What a phone that is held upright writes: the picture lying on its side, and a matrix that turns it by 90
    // degrees.
    const matrix = [0, 0x10000, 0, 0xffff0000, 0, 0, 180 * 0x10000, 0, 0x40000000]
    for (const [i, value] of matrix.entries()) lying.writeUInt32BE(value, lying.indexOf('tkhd') + 44 + i * 4)
    const made = await madeOf(lying)
    expect(made.pin.media).toMatchObject({
      video_url_hls: null,
      width: 180,
      height: 320,
      images: { originals: { width: 180, height: 320 } },
    })
    expect(codecs(made)).toEqual(['h264', 'aac'])
    expect(made.streams[0]).toMatchObject({ width: 180, height: 320 })
    expect(made.streams[0]?.side_data_list).toBeUndefined()
    expect((await readFile(made.path)).includes('48.8577')).toBe(false)
  })

  test('a 4K clip comes down to 720p, and plays before all of it has come', async () => {
    const made = await madeOf(await makeClip([...pictures('3840x2160', 0.3), ...h264]))
    expect(made.pin.media).toMatchObject({ width: 1280, height: 720 })
    const bytes = await readFile(made.path)
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))
  })

  test('H.265, without sound, with odd sides', async () => {
    const made = await madeOf(
      await makeClip([...pictures('322x182'), '-c:v', 'libx265', '-x265-params', 'log-level=0']),
    )
    expect(codecs(made)).toEqual(['h264'])
    expect(made.pin.media).toMatchObject({ width: 322, height: 182, duration: 1000 })
  })

  test('a file that lies about its duration has the one that it has', async () => {
    const lying = Buffer.from(clip)
    // The durations of the film, its tracks and their media, a hundred times as long.
    for (const [box, offset] of [
      ['mvhd', 20],
      ['tkhd', 24],
      ['mdhd', 20],
    ] as const)
      for (let at = lying.indexOf(box); at !== -1; at = lying.indexOf(box, at + 4))
        lying.writeUInt32BE(lying.readUInt32BE(at + offset) * 100, at + offset)
    const made = await madeOf(lying)
    expect(Math.abs(made.pin.media.duration - 2000)).toBeLessThan(200)
  })

  const damaged = 'It is damaged, cut off, or none of MP4, MOV and M4V.'
  const failures: [string, () => Promise<Buffer<ArrayBuffer>>, string][] = [
    ['an empty file', async () => Buffer.alloc(0), 'It is empty.'],
    ['a text file called .mp4', async () => Buffer.from('Not a video.\n'), damaged],
    [
      'a truncated MP4, its index at the end',
      async () => {
        const whole = await makeClip([...pictures('320x180', 2), ...h264])
        return whole.subarray(0, whole.length * 0.8)
      },
      damaged,
    ],
    [
      'a truncated MP4, its index first',
      async () => clip.subarray(0, clip.length * 0.8),
      'It is cut off: its end is missing.',
    ],
    ['sound alone', () => makeClip([...sound(), '-c:a', 'aac']), 'There is no video in it.'],
    [
      'another codec',
      () => makeClip([...pictures('320x180'), '-c:v', 'mpeg4']),
      'Its video is mpeg4; H.264 and H.265 are accepted.',
    ],
    ['another container', () => makeClip([...pictures('320x180'), ...h264], 'mkv'), damaged],
  ]
  test.each(failures)('%s fails', async (_name, make, problem) => {
    const { id, status } = await uploaded(server, await make())
    expect(status).toBe('failed')
    expect(await problemOf(id)).toBe(`The video cannot be used. ${problem}`)
    await until(() => filesBelow(join(folder, 'data/uploads')).length === 0)
  })

  test('a playlist makes nothing be fetched or read', async () => {
    const asked: string[] = []
    const web = await webServer((request, response) => {
      asked.push(request.url ?? '')
      response.end()
    })
    onTestFinished(() => web.close())
    const secret = join(folder, 'secret.mp4')
    await writeFile(secret, clip)
    for (const text of [
      `#EXTM3U\n#EXTINF:1,\n${web.url}/a.ts\n#EXT-X-ENDLIST\n`,
      `ffconcat version 1.0\nfile '${secret}'\n`,
      `<?xml version="1.0"?><MPD><BaseURL>${web.url}/</BaseURL></MPD>`,
      `v=0\nc=IN IP4 127.0.0.1\nm=video ${new URL(web.url).port} RTP/AVP 96\n`,
    ])
      expect((await uploaded(server, Buffer.from(text))).status).toBe('failed')
    expect(asked).toEqual([])
  })

  test('the cover is the picture at its time, or the last one', async () => {
    const { id } = await uploaded(server)
    const colourAt = async (seconds: number): Promise<string> =>
      (await pinOf(server, board, id, { cover_image_key_frame_time: seconds })).body.dominant_color
    const red = expect.stringMatching(/^#[d-f].[0-3].[0-3].$/)
    const blue = expect.stringMatching(/^#[0-3].[0-3].[d-f].$/)
    expect([await colourAt(0), await colourAt(1), await colourAt(100)]).toEqual([red, blue, blue])
  })

  test('all this leaves nothing behind', () => expectSound(join(folder, 'data')))

  test('what is under way when the server ends goes on after its next start', async () => {
    const slow = await serverWith('exec sleep 60')
    const { media_id } = await register(slow.server)
    expect((await upload(await register(slow.server), clip)).status).toBe(204)
    const { media_id: id } = (await slow.server.get('/media')).body.items[0]
    expect(await statusOf(slow.server, id)).toBe('processing')
    await until(() => slow.calls().then((count) => count > 0))
    await slow.server.close()
    const again = await startAgain(slow.dataDir, { clock: slow.server.clock })
    expect(await ended(again, id)).toBe('succeeded')
    expect(await statusOf(again, media_id)).toBe('registered')
    await until(() => filesBelow(join(slow.dataDir, 'uploads')).length === 0)
    await again.close()
  })

  test('a full disk is not held against a video: it is made when there is space again', async () => {
    const space = join(folder, 'space')
    const full = `{ echo "Error writing trailer of file:video.mp4: No space left on device" >&2; exit 1; }`
    const { server: short, calls } = await serverWith(`[ -e '${space}' ] || ${full}\nexec '${tools?.ffmpeg}' "$@"`)
    onTestFinished(() => short.close())
    const registered = await register(short)
    expect((await upload(registered, clip)).status).toBe(204)
    await until(() => calls().then((count) => count >= 1))
    expect(await statusOf(short, registered.media_id)).toBe('processing')
    await writeFile(space, '')
    expect(await ended(short, registered.media_id)).toBe('succeeded')
    await rm(space)
    const made = (await short.post('/boards', { name: 'Full' })).body.id
    const frame = await pinOf(short, made, registered.media_id, { cover_image_key_frame_time: 0 })
    expect([frame.status, frame.body.message]).toEqual([503, expect.stringContaining('Its disk is full.')])
  })

  test('one that crashes ffmpeg is given up after three tries', async () => {
    const crashing = await serverWith('kill -SEGV $$')
    const { id, status } = await uploaded(crashing.server)
    expect([status, await crashing.calls()]).toEqual(['failed', 3])
    const made = (await crashing.server.post('/boards', { name: 'Crashes' })).body.id
    const pin = await pinOf(crashing.server, made, id, { cover_image_data: 'AAAA' })
    expect(pin.body.message).toBe('The video cannot be used. Its processing broke off 3 times.')
    await until(() => filesBelow(join(crashing.dataDir, 'uploads')).length === 0)
  })
})

/** Starts a server whose ffmpeg does what these lines of shell say. */
async function serverWith(lines: string) {
  const place = await mkdtemp(join(folder, 'tools-'))
  const [bin, log, dataDir] = [join(place, 'bin'), join(place, 'calls'), join(place, 'data')]
  await mkdir(bin)
  await writeFile(join(bin, 'ffmpeg'), `#!/bin/sh\necho called >>'${log}'\n${lines}\n`)
  await chmod(join(bin, 'ffmpeg'), 0o755)
  await symlink(tools?.ffprobe ?? '', join(bin, 'ffprobe'))
  const { PATH } = process.env
  process.env.PATH = `${bin}:${PATH}`
  try {
    const calls = async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').length - 1
    return { server: await startTestServer({ ephemeral: false, dataDir }), dataDir, calls }
  } finally {
    process.env.PATH = PATH
  }
}
