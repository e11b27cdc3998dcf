import type { ThresholdMetric } from '@pinfold/contract'
import { counterOf } from '../../../db/counters.ts'
import type { GrownNumber, Outbox } from '../../webhooks/outbox.ts'
import type { CountedPin } from '../counted-pins.ts'
import type { AnalyticsStore, PinDayRow, Tx } from '../store.ts'

const metrics = ['IMPRESSION', 'SAVE', 'PIN_CLICK', 'OUTBOUND_CLICK'] as const satisfies readonly ThresholdMetric[]

/** The first block: it holds what is older than what is stored by day. */
const firstBlock = -1

/** Tells webhooks of the numbers that grew by what was added, over all time. `pins` contains each of the Pins. */
export function tellGrown(
  { store, outbox }: { store: Pick<AnalyticsStore, 'pinCounts'>; outbox: Outbox },
  tx: Tx,
  added: readonly PinDayRow[],
  pins: ReadonlyMap<number, CountedPin>,
): Promise<void> {
  const owners = new Set([...pins.values()].map((pin) => pin.owner_id))
  return outbox.grown(tx, [...owners], async (waiting) => {
    const wanted = [...Map.groupBy(added, ({ pin_id }) => pin_id)].flatMap(([id, rows]) => {
      const pin = pins.get(id)
      return pin && waiting.has(pin.owner_id) ? { pin, rows } : []
    })
    const blocks = await store.pinCounts.blocks(
      tx,
      wanted.map(({ pin }) => pin.id),
      firstBlock,
    )
    const blocksOf = Map.groupBy(blocks, ({ pin_id }) => pin_id)
    return wanted.flatMap(({ pin, rows }) => grownNumbers(pin, rows, blocksOf.get(pin.id) ?? []))
  })
}

type Row = Pick<PinDayRow, (typeof counterOf)[ThresholdMetric]>

function grownNumbers(pin: CountedPin, added: readonly Row[], all: readonly Row[]): GrownNumber[] {
  return metrics.flatMap((metric) => {
    const sum = (rows: readonly Row[]) => rows.reduce((total, row) => total + row[counterOf[metric]], 0)
    const [by, after] = [sum(added), sum(all)]
    const isSecret = pin.privacy === 'SECRET'
    return by > 0 ? { pinId: pin.id, ownerId: pin.owner_id, isSecret, metric, before: after - by, after } : []
  })
}
