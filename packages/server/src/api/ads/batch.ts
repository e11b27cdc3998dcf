import type { Outcome, Refusal } from '../../domains/ads/batch.ts'

/** An item of a batch's answer, with all reasons of a refusal. One that was refused has no `data`: null there breaks clients. */
export type BatchItem<Shown> = { data: Shown; exceptions?: Refusal[] } | { exceptions: Refusal[] }

/** Returns the answer to a batch: what became of each item. */
export function showBatch<Made, Shown>(
  outcomes: readonly Outcome<Made>[],
  show: (made: Made) => Shown,
): { items: BatchItem<Shown>[] } {
  return {
    items: outcomes.map((outcome) =>
      'made' in outcome ? { data: show(outcome.made), exceptions: [] } : { exceptions: [...outcome.refusals] },
    ),
  }
}

/** Returns what a batch made, and apart from it each item that was refused, as it was sent, with the reasons. */
export function madeAndErrors<Sent, Made, Shown>(
  sent: readonly Sent[],
  outcomes: readonly Outcome<Made>[],
  show: (made: Made) => Shown,
): { made: Shown[]; errors: { data: Sent; error_messages: string[] }[] } {
  return {
    made: outcomes.flatMap((outcome) => ('made' in outcome ? [show(outcome.made)] : [])),
    errors: sent.flatMap((data, i) => {
      const outcome = outcomes[i]
      if (!outcome || 'made' in outcome) return []
      return [{ data, error_messages: outcome.refusals.map(({ message }) => message) }]
    }),
  }
}

/** Returns the answer to a batch whose items have no `exceptions` when nothing went wrong, as those of ad groups. */
export function showBareBatch<Made, Shown>(
  outcomes: readonly Outcome<Made>[],
  show: (made: Made) => Shown,
): { items: BatchItem<Shown>[] } {
  return {
    items: outcomes.map((outcome) =>
      'made' in outcome ? { data: show(outcome.made) } : { exceptions: [...outcome.refusals] },
    ),
  }
}
