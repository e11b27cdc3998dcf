import { Type } from '@pinfold/contract'
import { boardFinder } from '../find-board.ts'
import { problemOf } from '../problem.ts'
import { pinRow } from '../rows.ts'
import { ToolError, tool } from '../tool.ts'
import { BoardName, DryRun, PinId, SectionName, strict, words } from './fields.ts'

/** Changes Pins, or moves them. */
export const updatePins = tool({
  name: 'update_pins',
  title: 'Change Pins',
  description: 'Changes the words or links of 1 to 50 Pins, or moves them. What is not given stays; "" empties a text.',
  toolset: 'pins',
  effect: 'writes',
  scopes: ['boards:read', 'boards:write', 'pins:read', 'pins:write'],
  input: Type.Object(
    {
      pins: Type.Array(
        Type.Object(
          {
            pin_id: PinId(),
            title: words(100),
            description: words(800),
            link: words(2048),
            alt_text: words(500),
            board: Type.Optional(BoardName),
            section: Type.Optional(SectionName),
          },
          strict,
        ),
        { minItems: 1, maxItems: 50 },
      ),
      dry_run: DryRun,
    },
    strict,
  ),
  async run({ pins, dry_run }, { client, host, signal }) {
    const finder = boardFinder(client)
    const results = []
    for (const [index, { pin_id, board: which, section, ...texts }] of pins.entries()) {
      const number = index + 1
      try {
        signal.throwIfAborted()
        if (section !== undefined && which === undefined) throw new ToolError('A section needs its board.')
        const board = which === undefined ? undefined : await finder.board(which)
        const place = {
          ...(board && { board_id: board.id }),
          ...(board && section !== undefined && { board_section_id: await finder.sectionId(board, section) }),
        }
        const emptied = Object.entries(texts).map(([name, text]) => [name, text === '' ? null : text])
        const change = { ...Object.fromEntries(emptied), ...place }
        if (Object.keys(change).length === 0) throw new ToolError('Nothing is given to change.')
        if (dry_run) {
          const pin = await client.pins.get(pin_id, undefined, { signal })
          results.push({ would_change: pinRow(pin, number), to: change })
        } else {
          const pin = await client.pins.update(pin_id, change, undefined, { signal })
          results.push({ changed: pinRow(pin, number) })
        }
      } catch (error) {
        signal.throwIfAborted()
        const problem = problemOf(error)
        if (!problem) host.onError(error)
        results.push({ number, pin_id, ...(problem ?? { error: 'It failed.' }) })
      }
    }
    return { value: { pins: results } }
  },
})
