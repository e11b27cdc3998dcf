import { expect, test } from 'vitest'
import type { Board, Page, Pin, PinterestClient } from '../src/index.ts'

// The compiler (npm run check) checks this file: each line that must not compile says so. Nothing here runs.
function checkedByTheCompiler(client: PinterestClient) {
  const page: PromiseLike<Page<Pin>> = client.boards.listPins('1', { page_size: 2, creative_types: ['VIDEO'] })
  const items: AsyncIterable<Board> = client.boards.list()
  const board: Promise<Board> = client.boards.update('1', { privacy: 'SECRET' })
  const nothing: Promise<void> = client.pins.delete('1')
  const section = client.boardSections.listPins('1', '2')
  const byUrl = client.pins.create({ board_id: '1', media_source: { source_type: 'image_url', url: 'https://…' } })
  const byFile = client.pins.create({ board_id: '1', picture: './cup.jpg' }, {}, { timeoutMs: 1000 })

  const byFiles = client.pins.create({ board_id: '1', pictures: ['./a.jpg', { picture: './b.jpg', title: 'B' }] })
  const byVideo = client.pins.create({ board_id: '1', video: './a.mp4', cover: './a.jpg' })
  // @ts-expect-error a cover belongs to a video
  client.pins.create({ board_id: '1', picture: './a.jpg', cover: 1 })
  // @ts-expect-error there is no such field
  client.boards.create({ name: 'A', colour: 'red' })
  // @ts-expect-error a name is needed
  client.boards.create({})
  // @ts-expect-error a board cannot be made protected later
  client.boards.update('1', { privacy: 'PROTECTED' })
  // @ts-expect-error ids are strings
  client.boards.get(1)
  // @ts-expect-error the path takes two ids
  client.boardSections.delete('1')
  // @ts-expect-error there is no such kind
  client.pins.list({ creative_types: ['PAINTING'] })
  // @ts-expect-error an address belongs to image_url
  client.pins.create({ board_id: '1', media_source: { source_type: 'image_base64', url: 'https://…' } })
  const both = {
    board_id: '1',
    picture: './cup.jpg',
    media_source: { source_type: 'image_url' as const, url: 'https://…' },
  }
  // @ts-expect-error a Pin shows either a picture or a media source
  client.pins.create(both)
  // @ts-expect-error there is no such operation
  client.pins.explode('1')
  // @ts-expect-error tokens are had through client.oauth
  client.oauth.token({})

  return [page, items, board, nothing, section, byUrl, byFile, byFiles, byVideo]
}

test('what the compiler is to refuse is refused when `npm run check` runs', () => {
  expect(checkedByTheCompiler).toBeTypeOf('function')
})
