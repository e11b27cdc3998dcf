import { Type } from '@pinfold/contract'
import { shownPicture } from '../contact-sheet.ts'
import { pictureUrlOf } from '../rows.ts'
import { tool } from '../tool.ts'
import { PinId, strict } from './fields.ts'

/** Shows one Pin with its picture. */
export const getPin = tool({
  name: 'get_pin',
  title: 'Show a Pin',
  description: 'One Pin with everything that is known of it, and its picture.',
  toolset: 'pins',
  effect: 'reads',
  scopes: ['boards:read', 'pins:read'],
  input: Type.Object(
    { pin_id: PinId(), picture: Type.Optional(Type.Boolean({ default: true, description: 'Whether to show it.' })) },
    strict,
  ),
  async run({ pin_id, picture = true }, { client, host, signal }) {
    const pin = await client.pins.get(pin_id, undefined, { signal })
    const url = pictureUrlOf(pin, '1200x')
    if (!picture || url === undefined) return { value: pin }
    try {
      const shown = await host.inTurn(async () => shownPicture(await host.pictureAt(url, signal)))
      return { value: pin, pictures: [shown] }
    } catch (error) {
      signal.throwIfAborted()
      host.onError(error)
      return { value: { ...pin, picture: 'It could not be had.' } }
    }
  },
})
