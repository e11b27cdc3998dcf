import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { main, withBundle } from '@pinfold/test-support/command'
import { ownServer } from '@pinfold/test-support/own-server'
import { base64Source, picture } from '@pinfold/test-support/pictures'
import { people } from '@pinfold/test-support/server'
import { describe, expect, onTestFinished, test } from 'vitest'

const run = promisify(execFile)
/** The command of the official inspector: 110 MB with what it brings, so that .ci/run installs it for this file alone. */
const inspector = process.env.PINFOLD_MCP_INSPECTOR
const { token } = people.alice

describe.skipIf(inspector === undefined)('the official inspector uses every tool', () => {
  test.each(['stdio', 'HTTP'])('over %s', async (transport) => {
    const server = await ownServer()
    const home = await mkdtemp(join(tmpdir(), 'pinfold-inspector-'))
    onTestFinished(() => rm(home, { recursive: true, force: true }))
    await writeFile(join(home, 'cup.jpg'), await picture())
    const target =
      transport === 'HTTP'
        ? [`${server.url}/mcp`, '--transport', 'http', '--header', `Authorization: Bearer ${token}`]
        : [process.execPath, withBundle, '--', main, 'mcp', '--api', server.url, '--pictures', home]
    const env = { ...process.env, HOME: home }

    // biome-ignore lint/suspicious/noExplicitAny: tests look at answers as JSON
    async function inspect(...args: string[]): Promise<any> {
      // Options come first: what follows the target is the target's.
      const all =
        transport === 'HTTP'
          ? [...target, ...args]
          : [...args, '-e', `PINTEREST_ACCESS_TOKEN=${token}`, '--', ...target]
      const { stdout } = await run(process.execPath, [inspector ?? '', '--cli', ...all], {
        env,
        cwd: home,
        maxBuffer: 1e8,
      })
      return JSON.parse(stdout)
    }
    const used = new Set<string>()
    async function call(name: string, input: Record<string, unknown> = {}) {
      used.add(name)
      const args = ['--tool-args-json', JSON.stringify(input)]
      const { content, isError } = await inspect('--method', 'tools/call', '--tool-name', name, ...args)
      expect([name, isError ?? false, content[0].text]).toEqual([name, false, expect.any(String)])
      return { value: JSON.parse(content[0].text), parts: content.length }
    }

    const { tools } = await inspect('--method', 'tools/list')
    const { value: saved } = await call('save_board', { name: 'Cups' })
    const media_source = await base64Source()
    const { id } = (await server.post('/pins', { board_id: saved.made.id, title: 'Cup', media_source })).body
    expect((await call('list_boards')).value.boards).toHaveLength(1)
    expect((await call('find_pins', { board: 'Cups' })).parts).toBe(2)
    expect((await call('get_pin', { pin_id: id })).parts).toBe(2)
    const pins = [
      {
        board: 'Cups',
        ...(transport === 'HTTP' ? { picture_url: 'https://example.com/cup.jpg' } : { picture_file: 'cup.jpg' }),
      },
    ]
    expect((await call('create_pins', { pins, dry_run: true })).value.would_make).toBe(1)
    expect((await call('update_pins', { pins: [{ pin_id: id, title: 'Blue cup' }] })).value.pins).toHaveLength(1)
    const day = new Date(server.clock.now()).toISOString().slice(0, 10)
    await call('get_analytics', { of: 'account', start_date: day, end_date: day })
    await call('search_operations', { words: 'followers' })
    await call('describe_operation', { operation: 'boards/list' })
    expect((await call('call_read', { operation: 'boards/list' })).value.items).toHaveLength(1)
    await call('call_write', { operation: 'boards/create', body: { name: 'Jugs' } })
    await call('control_sandbox', { action: 'show' })
    await call('set_faults', { faults: [] })
    expect((await call('list_requests', { operation: 'boards/create' })).value.requests).toHaveLength(2)
    await call('delete_items', { pins: [id], confirm: true })
    expect([...used].toSorted()).toEqual(tools.map(({ name }: { name: string }) => name).toSorted())

    expect((await inspect('--method', 'resources/list')).resources).toHaveLength(3)
    expect((await inspect('--method', 'prompts/list')).prompts).toHaveLength(2)
  })
})
