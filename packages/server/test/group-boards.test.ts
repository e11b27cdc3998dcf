import { databases } from '@pinfold/test-support/databases'
import { as, type GroupServer, startGroupServer } from '@pinfold/test-support/group-boards'
import { base64Source } from '@pinfold/test-support/pictures'
import { beforeAll, describe, expect, test } from 'vitest'

const privacies = ['PUBLIC', 'PROTECTED', 'SECRET'] as const
type Privacy = (typeof privacies)[number]

/** Olga owns the boards, Carl is on them, Fred was and was removed, Sam never was. */
const everybody = ['olga', 'carl', 'fred', 'sam'] as const
type Name = (typeof everybody)[number]

const lesser = {
  carl_no_secrets: { account: 'carl', without: ['boards:read_secret', 'pins:read_secret'] },
  carl_no_secret_boards: { account: 'carl', without: ['boards:read_secret', 'boards:write_secret'] },
  carl_no_secret_pins: { account: 'carl', without: ['pins:read_secret', 'pins:write_secret'] },
  carl_no_secret_writes: { account: 'carl', without: ['boards:write_secret', 'pins:write_secret'] },
  olga_no_secrets: { account: 'olga', without: ['boards:read_secret', 'pins:read_secret'] },
  fred_no_secrets: { account: 'fred', without: ['boards:read_secret', 'pins:read_secret'] },
} as const

const password = 'the password of each'

interface Things {
  board: string
  section: string
  /** The Pins that each of them made. */
  pins: Record<'olga' | 'carl' | 'fred', string>
}

describe.each(databases)('a group board on $name', ({ open }) => {
  let server: GroupServer
  const things = {} as Record<Privacy, Things>
  let hue = 0

  const make = async (path: string, body: object, who: string): Promise<string> => {
    const made = await server.post(path, body, as(who))
    expect([made.status, made.text]).toEqual([201, expect.anything()])
    return made.body.id
  }
  const pin = async (who: string, board_id: string, more: object = {}): Promise<string> =>
    make('/pins', { board_id, title: `By ${who}`, media_source: await base64Source(++hue), ...more }, who)
  const board = async (privacy: Privacy, name: string): Promise<string> => make('/boards', { name, privacy }, 'olga')
  const groupOf = async (privacy: Privacy, name: string): Promise<Things> => {
    const id = await board(privacy, name)
    const section = await make(`/boards/${id}/sections`, { name: 'Part' }, 'olga')
    for (const who of ['carl', 'fred']) await server.setCollaborator(id, 'olga', who, true)
    const made = { olga: await pin('olga', id), carl: await pin('carl', id), fred: await pin('fred', id) }
    await server.setCollaborator(id, 'olga', 'fred', false)
    return { board: id, section, pins: made }
  }
  const statusesOf = async (ask: (who: Name) => Promise<{ status: number }>): Promise<number[]> => {
    const statuses: number[] = []
    for (const who of everybody) statuses.push((await ask(who)).status)
    return statuses
  }
  const titles = (items: { title: string }[]) => items.map(({ title }) => title)
  const namesOf = (items: { name: string }[]) => items.map(({ name }) => name)
  const listed = async (path: string, who: string) => {
    const { status, body } = await server.get(path, as(who))
    expect(status, path).toBe(200)
    return body.items
  }

  beforeAll(async () => {
    server = await startGroupServer(open, {
      names: everybody,
      more: {
        olga: { password, account_type: 'BUSINESS', ad_account_roles: [{ account: 'sam', role: 'ADMIN' }] },
        carl: { password },
        fred: { password },
      },
      lesser,
    })
    for (const privacy of privacies) things[privacy] = await groupOf(privacy, `Olga ${privacy}`)
    return server.close
  })

  describe.each(privacies)('that is %s', (privacy) => {
    const no = privacy === 'SECRET' ? 404 : 403
    let group: Things
    beforeAll(() => {
      group = things[privacy]
    })

    test('is read, with its sections and Pins, by who is on it and by nobody else', async () => {
      const { board: id, section, pins } = group
      const days = `start_date=2026-03-01&end_date=2026-03-10&metric_types=SAVE`
      for (const path of [
        ...[`/boards/${id}`, `/boards/${id}/pins`, `/boards/${id}/sections`, `/boards/${id}/sections/${section}/pins`],
        ...[pins.olga, pins.carl].flatMap((each) => [`/pins/${each}`, `/pins/${each}/product_tags`]),
        `/pins/${pins.carl}/analytics?${days}`,
      ])
        expect([path, await statusesOf((who) => server.get(path, as(who)))]).toEqual([path, [200, 200, no, no]])
      const several = `/pins/analytics?pin_ids=${pins.carl}&pin_ids=${pins.olga}&${days}`
      const notTheirs = privacy === 'SECRET' ? 404 : 401
      expect(await statusesOf((who) => server.get(several, as(who)))).toEqual([200, 200, notTheirs, notTheirs])
    })

    test('counts its collaborators, and says who owns it, to each of them', async () => {
      for (const who of ['olga', 'carl'])
        expect((await server.get(`/boards/${group.board}`, as(who))).body).toMatchObject({
          ...{ owner: { username: 'olga' }, collaborator_count: 1, pin_count: 3, privacy },
        })
      for (const who of ['olga', 'carl', 'fred'] as const) {
        const { body } = await server.get(`/pins/${group.pins[who]}`, as(who))
        expect(body).toMatchObject({ board_owner: { username: 'olga' }, is_owner: true, is_removable: true })
      }
    })

    test('shows every Pin to both; the owner can remove each, a collaborator their own', async () => {
      const shown = async (who: string) =>
        (await listed(`/boards/${group.board}/pins`, who)).map(
          ({ title, is_owner, is_removable }: Record<string, unknown>) => [title, is_owner, is_removable],
        )
      expect(await shown('olga')).toEqual([
        ['By fred', false, true],
        ['By carl', false, true],
        ['By olga', true, true],
      ])
      expect(await shown('carl')).toEqual([
        ['By fred', false, false],
        ['By carl', true, true],
        ['By olga', false, false],
      ])
      expect((await server.get(`/pins/${group.pins.carl}`, as('olga'))).body.is_removable).toBe(true)
    })

    test('is among the boards of a collaborator, and no longer among those of who was removed', async () => {
      const name = `Olga ${privacy}`
      for (const query of ['', `?privacy=${privacy}`])
        for (const [who, isListed] of [
          ['olga', true],
          ['carl', true],
          ['fred', false],
          ['sam', false],
        ] as const)
          expect([who, namesOf(await listed(`/boards${query}`, who)).includes(name)]).toEqual([who, isListed])
      const found = async (who: string) => listed(`/search/boards?query=${privacy}`, who)
      expect((await found('carl'))[0]).toMatchObject({ id: group.board, owner: { username: 'olga' } })
      expect(await found('fred')).toEqual([])
      expect((await server.get('/user_account', as('carl'))).body.board_count).toBe(0)
    })

    test('is shown by the web app to who is on it, and to all if it is public', async () => {
      const { board: id, pins } = group
      const others = privacy === 'PUBLIC' ? 200 : 404
      const web = (path: string, who: string) => server.get(`/_pinfold/web/${path}`, as(who))
      for (const path of [
        ...[`boards/${id}`, `boards/${id}/pins`, `boards/${id}/sections`],
        ...[`pins/${pins.olga}`, `pins/${pins.carl}`],
      ])
        expect([path, await statusesOf((who) => web(path, who))]).toEqual([path, [200, 200, others, others]])
      const names = async (who: string) =>
        (await listed('/_pinfold/web/users/carl/boards', who)).map(
          ({ board, owner, is_yours }: { board: { name: string }; owner: { username: string }; is_yours: boolean }) =>
            board.name === `Olga ${privacy}` && [owner.username, is_yours],
        )
      expect(await names('carl')).toContainEqual(['olga', false])
      expect((await names('sam')).some(Boolean)).toBe(privacy === 'PUBLIC')

      const left = (await web(`pins/${pins.fred}`, 'fred')).body
      expect([left.pin.title, left.board?.id]).toEqual(['By fred', privacy === 'PUBLIC' ? id : undefined])
      expect((await web(`pins/${pins.fred}`, 'carl')).body).toMatchObject({
        ...{ board: { id }, owner: { username: 'fred' }, pin: { is_removable: false } },
      })
    })

    test('takes Pins, saves and sections from who is on it alone', async () => {
      const media_source = await base64Source(++hue)
      const { board: id, section } = group
      const tries = (who: Name): [string, object][] => [
        ['/pins', { board_id: id, board_section_id: section, title: 'More', media_source }],
        [`/pins/${things.PUBLIC.pins.carl}/save`, { board_id: id }],
        [`/boards/${id}/sections`, { name: `Section of ${who}` }],
      ]
      for (const at of [0, 1, 2])
        expect(
          await statusesOf((who) => {
            const [path, body] = tries(who)[at] ?? ['', {}]
            return server.post(path, body, as(who))
          }),
        ).toEqual([201, 201, no, no])
      expect((await server.get(`/boards/${id}`, as('olga'))).body.pin_count).toBe(7)
      expect(
        await statusesOf((who) => server.patch(`/boards/${id}/sections/${section}`, { name: 'Part' }, as(who))),
      ).toEqual([200, 200, no, no])
    })

    test('is changed by its owner alone', async () => {
      const rename = (who: Name) => server.patch(`/boards/${group.board}`, { description: `By ${who}` }, as(who))
      expect(await statusesOf(rename)).toEqual([200, 403, no, no])
      const refused = await server.patch(`/boards/${group.board}`, { name: 'Mine' }, as('carl'))
      expect([refused.body.code, refused.body.message]).toEqual([29, expect.stringContaining('owner of a board')])
      expect((await server.patch(`/boards/${group.board}`, { privacy: 'SECRET' }, as('carl'))).status).toBe(403)
      expect((await server.delete(`/boards/${group.board}`, as('carl'))).status).toBe(403)
      expect((await server.delete(`/boards/${group.board}`, as('fred'))).status).toBe(no)
    })

    test('has Pins that only who made them changes, while they are on it', async () => {
      const change = (of: keyof Things['pins']) =>
        statusesOf((who) => server.patch(`/pins/${group.pins[of]}`, { alt_text: `By ${who}` }, as(who)))
      expect(await change('olga')).toEqual([200, 403, no, no])
      expect(await change('carl')).toEqual([403, 200, no, no])
      expect(await change('fred')).toEqual([403, 403, no, no])
      expect((await server.get(`/pins/${group.pins.carl}`, as('olga'))).body.alt_text).toBe('By carl')
    })

    test('loses Pins to who made them and to its owner', async () => {
      const { board: id, pins } = await groupOf(privacy, `Removing ${privacy}`)
      const remove = (who: string, which: string) => server.delete(`/pins/${which}`, as(who))
      const more = await pin('carl', id)
      const statuses: [string, string, number][] = [
        ['carl', pins.olga, 403],
        ['carl', pins.fred, 403],
        ['sam', pins.carl, no],
        ['fred', pins.carl, no],
        ['carl', pins.carl, 204],
        ['olga', more, 204],
        ['fred', pins.fred, 204],
      ]
      for (const [who, which, status] of statuses)
        expect([who, (await remove(who, which)).status]).toEqual([who, status])
      expect((await server.get(`/boards/${id}`, as('carl'))).body.pin_count).toBe(1)
      await server.delete(`/boards/${id}`, as('olga'))
    })

    test('has sections that a collaborator deletes if every Pin in it is their own', async () => {
      const { board: id, section } = await groupOf(privacy, `Sections ${privacy}`)
      const remove = (who: string) => server.delete(`/boards/${id}/sections/${section}`, as(who))
      expect([(await remove('fred')).status, (await remove('sam')).status]).toEqual([no, no])
      await pin('carl', id, { board_section_id: section })
      const others = await pin('olga', id, { board_section_id: section })
      const refused = await remove('carl')
      expect([refused.status, refused.body.message]).toEqual([403, expect.stringContaining('Pins of others')])
      await server.patch(`/pins/${others}`, { board_section_id: null }, as('olga'))
      expect((await remove('carl')).status).toBe(204)
      expect(titles(await listed(`/boards/${id}/pins`, 'olga'))).toEqual(['By olga', 'By fred', 'By carl', 'By olga'])
      await server.delete(`/boards/${id}`, as('olga'))
    })

    test('keeps the Pins of who was removed, who sees, moves and deletes them', async () => {
      const { board: id, pins } = await groupOf(privacy, `Leaving ${privacy}`)
      expect((await server.get(`/pins/${pins.fred}`, as('fred'))).status).toBe(200)
      const own = await make('/boards', { name: `Fred’s own ${privacy}` }, 'fred')
      const moved = await server.patch(`/pins/${pins.fred}`, { board_id: own }, as('fred'))
      expect(moved.body).toMatchObject({ board_id: own, board_owner: { username: 'fred' } })
      expect((await server.get(`/pins/${pins.fred}`, as('olga'))).status).toBe(403)
      expect((await server.patch(`/pins/${pins.fred}`, { board_id: id }, as('fred'))).status).toBe(no)
      expect((await server.get(`/boards/${id}`, as('olga'))).body.pin_count).toBe(2)
      await server.delete(`/boards/${id}`, as('olga'))
    })
  })

  test('that is secret does not exist without the secret scopes, nor for who is not on it', async () => {
    const { board: id, pins, section } = things.SECRET
    const unknown = { board: '999999999999999', pin: '999999999999997' }
    const paths = [
      ...[`/boards/${id}`, `/boards/${id}/pins`, `/boards/${id}/sections`, `/boards/${id}/sections/${section}/pins`],
      ...Object.values(pins).flatMap((each) => [`/pins/${each}`, `/_pinfold/pins/${each}/related`]),
    ]
    const unnamed = (path: string) => path.replace(id, unknown.board).replace(/(?<=pins\/)\d+/, unknown.pin)
    for (const who of ['carl_no_secrets', 'olga_no_secrets', 'fred_no_secrets', 'sam'])
      for (const path of paths) {
        const answer = await server.get(path, as(who))
        const other = await server.get(unnamed(path), as(who))
        expect([who, path, answer.status, answer.body]).toEqual([who, path, 404, other.body])
      }
    for (const path of ['/boards', '/pins']) {
      const ids = (await listed(path, 'carl_no_secrets')).map((item: { id: string }) => item.id)
      expect(ids, path).not.toContain(id)
      for (const each of Object.values(pins)) expect(ids, path).not.toContain(each)
    }
    expect((await server.get(`/boards/${id}`, as('carl_no_secret_boards'))).status).toBe(404)
    expect((await server.get(`/pins/${pins.olga}`, as('carl_no_secret_boards'))).status).toBe(404)
    expect((await server.get(`/boards/${id}`, as('carl_no_secret_pins'))).status).toBe(200)
    expect((await server.get(`/pins/${pins.olga}`, as('carl_no_secret_pins'))).status).toBe(404)
  })

  test('has links that who is on it can follow, while they are', async () => {
    const id = await board('SECRET', 'Links')
    const visit = async (which: string, who?: string) => {
      const cookie = who && (await signIn(who))
      const answer = await fetch(`${server.url}/pin/${which}/visit`, {
        redirect: 'manual',
        headers: cookie ? { cookie } : {},
      })
      return answer.status
    }
    const signIn = async (username: string) => {
      const body = new URLSearchParams({ username, password, return_to: '/' })
      const headers = { origin: server.url }
      const answer = await fetch(`${server.url}/oauth/sign-in`, { method: 'POST', redirect: 'manual', headers, body })
      return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    }
    const made = await pin('olga', id, { link: 'https://example.com/' })
    expect([await visit(made), await visit(made, 'carl'), await visit(made, 'olga')]).toEqual([404, 404, 302])
    await server.setCollaborator(id, 'olga', 'carl', true)
    expect([await visit(made), await visit(made, 'carl'), await visit(made, 'fred')]).toEqual([404, 302, 404])
    await server.delete(`/boards/${id}`, as('olga'))
  })

  test('that is secret is not written to without the scopes for that', async () => {
    const { board: id, pins, section } = things.SECRET
    const [media_source, options] = [await base64Source(++hue), as('carl_no_secret_writes')]
    const answers = [
      await server.post('/pins', { board_id: id, media_source }, options),
      await server.post(`/pins/${things.PUBLIC.pins.olga}/save`, { board_id: id }, options),
      await server.post(`/boards/${id}/sections`, { name: 'Not allowed' }, options),
      await server.patch(`/boards/${id}/sections/${section}`, { name: 'Not allowed' }, options),
      await server.patch(`/pins/${pins.carl}`, { title: 'Not allowed' }, options),
      await server.delete(`/pins/${pins.carl}`, options),
    ]
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [401, 3]))
  })

  test('counts secret Pins with whose they are, wherever they are', async () => {
    const counts = async (who: string) => {
      const { board_count, pin_count } = (await server.get('/user_account', as(who))).body
      return [board_count, pin_count]
    }
    const id = await board('SECRET', 'Counted')
    const [before, hidden] = [await counts('carl'), await counts('carl_no_secrets')]
    const ownersBefore = await counts('olga_no_secrets')
    await server.setCollaborator(id, 'olga', 'carl', true)
    const made = await pin('carl', id)
    expect(await counts('carl')).toEqual([before[0], (before[1] ?? 0) + 1])
    expect(await counts('carl_no_secrets')).toEqual(hidden)
    expect(await counts('olga_no_secrets')).toEqual(ownersBefore)

    await server.patch(`/boards/${id}`, { privacy: 'PUBLIC' }, as('olga'))
    expect(await counts('carl_no_secrets')).toEqual([hidden[0], (hidden[1] ?? 0) + 1])
    await server.patch(`/boards/${id}`, { privacy: 'SECRET' }, as('olga'))
    expect(await counts('carl_no_secrets')).toEqual(hidden)
    const own = await make('/boards', { name: 'Out of the secret' }, 'carl')
    for (const [to, shown] of [
      [own, 1],
      [id, 0],
    ] as const) {
      expect((await server.patch(`/pins/${made}`, { board_id: to }, as('carl'))).body.board_id).toBe(to)
      expect(await counts('carl_no_secrets')).toEqual([(hidden[0] ?? 0) + 1, (hidden[1] ?? 0) + shown])
    }
    await server.delete(`/boards/${own}`, as('carl'))
    expect((await server.get(`/boards/${id}`, as('carl'))).body.collaborator_count).toBe(1)
    expect((await server.get(`/pins/${made}`, as('carl'))).status).toBe(200)
    expect((await server.get(`/pins/${made}`, as('carl_no_secrets'))).status).toBe(404)

    await server.delete(`/boards/${id}`, as('olga'))
    expect([await counts('carl'), await counts('carl_no_secrets')]).toEqual([before, hidden])
    expect((await server.get(`/pins/${made}`, as('carl'))).status).toBe(404)
    expect(namesOf(await listed('/boards', 'carl'))).not.toContain('Counted')
  })

  test('stands among the boards of a collaborator by its name, on pages of any size, also when it is renamed', async () => {
    const own: string[] = []
    for (const name of ['Olga PUBLIC', 'Zebra', 'Ärger', 'aardvark', '\u{10428} sign', '\u{e000} sign'])
      own.push(await make('/boards', { name }, 'carl'))
    const pages = async (size: number): Promise<string[]> => {
      const found: { id: string }[] = []
      for (let bookmark: string | null = ''; bookmark !== null; ) {
        const { body }: { body: { items: { id: string }[]; bookmark: string | null } } = await server.get(
          `/boards?page_size=${size}&bookmark=${bookmark}`,
          as('carl'),
        )
        found.push(...body.items)
        bookmark = body.bookmark
      }
      return found.map(({ id }) => id)
    }
    const whole = await pages(100)
    expect(new Set(whole)).toEqual(new Set([...own, ...privacies.map((privacy) => things[privacy].board)]))
    for (const size of [1, 2, 3]) expect(await pages(size)).toEqual(whole)
    const at = (id: string | undefined) => whole.indexOf(id ?? '')
    // Boards of one name, the older one first.
    expect(at(own[0])).toBe(at(things.PUBLIC.board) + 1)

    await server.patch(`/boards/${things.PUBLIC.board}`, { name: 'Zzz' }, as('olga'))
    const renamed = await pages(1)
    expect(renamed.indexOf(things.PUBLIC.board)).toBeGreaterThan(renamed.indexOf(own[1] ?? ''))
    await server.patch(`/boards/${things.PUBLIC.board}`, { name: 'Olga PUBLIC' }, as('olga'))
    expect(await pages(2)).toEqual(whole)
    for (const id of own) await server.delete(`/boards/${id}`, as('carl'))
  })

  test('has Pins that stand among their maker’s, and that others find nothing of', async () => {
    const id = await board('PROTECTED', 'Lighthouse keepers')
    await server.setCollaborator(id, 'olga', 'carl', true)
    const made = await pin('carl', id, { title: 'Lamp', link: 'https://lamps.example/one' })
    const own = await pin('olga', id, { title: 'Lamp of hers' })
    const idsOf = async (path: string, who: string) => (await listed(path, who)).map((item: { id: string }) => item.id)
    for (const query of ['?include_protected_pins=true', '?include_protected_pins=true&domain=lamps.example'])
      expect(await idsOf(`/pins${query}`, 'carl')).toContain(made)
    expect(await idsOf('/pins?include_protected_pins=true', 'carl')).not.toContain(own)
    expect(await idsOf('/search/pins?query=lamp', 'carl')).toEqual([made])
    expect(await idsOf('/search/pins?query=lighthouse', 'carl')).toEqual([made])
    expect(await idsOf('/search/pins?query=lighthouse', 'olga')).toEqual([own])

    await server.setCollaborator(id, 'olga', 'carl', false)
    expect(await idsOf('/search/pins?query=lamp', 'carl')).toEqual([made])
    expect(await idsOf('/search/pins?query=lighthouse', 'carl')).toEqual([])
    await server.delete(`/boards/${id}`, as('olga'))
  })

  test('has Pins that go with each other for who is on it, and tell others nothing', async () => {
    const related = async (which: string, who: string) => titles(await listed(`/_pinfold/pins/${which}/related`, who))
    for (const privacy of ['SECRET', 'PROTECTED'] as const) {
      const id = await board(privacy, `Related ${privacy}`)
      await server.setCollaborator(id, 'olga', 'carl', true)
      const made = await pin('carl', id, { title: `Quill${privacy}` })
      const others = await pin('olga', id, { title: `Inkwell${privacy}` })
      expect(await related(made, 'carl')).toContain(`Inkwell${privacy}`)
      expect(await related(others, 'carl')).toContain(`Quill${privacy}`)
      expect(await related(others, 'olga')).toContain(`Quill${privacy}`)
      // What Olga saved to the board leads Carl on, until he is removed.
      const shown = await board('PUBLIC', `Shown ${privacy}`)
      const origin = await pin('olga', shown, { title: `Origin${privacy}` })
      await pin('olga', shown, { title: `Neighbour${privacy}` })
      await make(`/pins/${origin}/save`, { board_id: id }, 'olga')
      expect(await related(made, 'carl')).toContain(`Neighbour${privacy}`)

      await server.setCollaborator(id, 'olga', 'carl', false)
      const found = (await related(made, 'carl')).filter((title) => title.endsWith(privacy))
      expect(found).toEqual([])
      expect((await server.get(`/_pinfold/pins/${others}/related`, as('carl'))).status).toBe(
        privacy === 'SECRET' ? 404 : 403,
      )
      for (const each of [id, shown]) await server.delete(`/boards/${each}`, as('olga'))
    }
  })

  test('has Pins that who is on it saves elsewhere, also secret ones', async () => {
    const own = await make('/boards', { name: 'Kept' }, 'carl')
    const save = (who: string) => server.post(`/pins/${things.SECRET.pins.olga}/save`, { board_id: own }, as(who))
    const saved = await save('carl')
    expect(saved.body).toMatchObject({ title: 'By olga', board_owner: { username: 'carl' }, is_owner: true })
    for (const who of ['fred', 'sam', 'carl_no_secrets']) expect([who, (await save(who)).status]).toEqual([who, 404])
    await server.delete(`/boards/${own}`, as('carl'))
  })

  test('is, for who acts for its owner, what it is for the owner', async () => {
    const { id } = (await server.get('/ad_accounts', as('olga'))).body.items[0]
    const acting = (path: string) => `${path}?ad_account_id=${id}`
    const { board: group, pins } = things.SECRET
    expect((await server.get(acting(`/boards/${group}`), as('sam'))).status).toBe(200)
    expect((await server.get(acting(`/pins/${pins.carl}`), as('sam'))).body.is_removable).toBe(true)
    expect((await server.get(acting(`/pins/${pins.carl}`), as('carl'))).status).toBe(403)
    // On a board that the owner is a collaborator of, the helper pins for the owner.
    const other = await make('/boards', { name: 'Sam’s guests' }, 'fred')
    await server.setCollaborator(other, 'fred', 'olga', true)
    const media_source = await base64Source(++hue)
    const made = await server.post(acting('/pins'), { board_id: other, media_source }, as('sam'))
    expect(made.body).toMatchObject({ board_owner: { username: 'fred' }, is_owner: true })
    expect((await server.get(`/pins/${made.body.id}`, as('olga'))).body.is_owner).toBe(true)
    expect((await server.get(`/pins/${made.body.id}`, as('sam'))).status).toBe(403)
    await server.delete(`/boards/${other}`, as('fred'))
  })

  test('repeats the answer to a creation to who made it, and makes nothing more', async () => {
    const id = await board('SECRET', 'Retried')
    await server.setCollaborator(id, 'olga', 'carl', true)
    const keyed = (key: string, who = 'carl') => ({ ...as(who), headers: { 'idempotency-key': key } })
    const body = { board_id: id, title: 'Once', media_source: await base64Source(++hue) }
    const first = await server.post('/pins', body, keyed('group pin'))
    const section = await server.post(`/boards/${id}/sections`, { name: 'Once' }, keyed('group section'))
    await server.setCollaborator(id, 'olga', 'carl', false)
    expect((await server.post('/pins', body, keyed('group pin'))).body).toEqual(first.body)
    const again = await server.post(`/boards/${id}/sections`, { name: 'Once' }, keyed('group section'))
    expect(again.body).toEqual(section.body)
    for (const [key, path, sent] of [
      ['group pin', '/pins', body],
      ['group section', `/boards/${id}/sections`, { name: 'Once' }],
    ] as const)
      expect((await server.post(path, sent, keyed(key, 'carl_no_secrets'))).status).toBe(404)
    expect((await server.post('/pins', body, keyed('another'))).status).toBe(404)
    expect((await server.get(`/boards/${id}`, as('olga'))).body.pin_count).toBe(1)
    await server.delete(`/boards/${id}`, as('olga'))
  })

  test('counts what is done with a Pin for who made it', async () => {
    const id = await board('PUBLIC', 'Counted for whom')
    await server.setCollaborator(id, 'olga', 'carl', true)
    const made = await pin('carl', id)
    const at = new Date(server.clock.now()).toISOString()
    const event = { id: 'seen', type: 'impression', pin_id: made, at, viewer: 'somebody' }
    const today = at.slice(0, 10)
    const sum = async (who: string): Promise<number> => {
      const path = `/user_account/analytics?start_date=${today}&end_date=${today}`
      return (await server.get(path, as(who))).body.all.summary_metrics.IMPRESSION ?? 0
    }
    const before = [await sum('carl'), await sum('olga')]
    await server.post('/_pinfold/events', { events: [event] }, { token: null })
    expect([await sum('carl'), await sum('olga')]).toEqual([(before[0] ?? 0) + 1, before[1]])
    const numbers = `/pins/${made}/analytics?start_date=${today}&end_date=${today}&metric_types=IMPRESSION`
    for (const who of ['carl', 'olga'])
      expect((await server.get(numbers, as(who))).body.all.summary_metrics.IMPRESSION).toBe(1)
    const shown = await listed(`/boards/${id}/pins?pin_metrics=true`, 'olga')
    expect(shown[0].pin_metrics).not.toBeNull()
    await server.delete(`/boards/${id}`, as('olga'))
  })
})
