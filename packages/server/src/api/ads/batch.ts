import type { Outcome, Refusal } from '../../domains/ads/batch.ts'

/** Returns what became of each item, shown in one of two ways. One that was refused has no `data`: null there breaks clients. */
export const showOutcomes = <Made, Shown, Refused>(
  outcomes: readonly Outcome<Made>[],
  made: (made: Made, index: number) => Shown,
  refused: (refusals: readonly Refusal[], index: number) => Refused,
): (Shown | Refused)[] =>
  outcomes.map((outcome, index) => ('made' in outcome ? made(outcome.made, index) : refused(outcome.refusals, index)))

/** Returns the answer to a batch: what became of each item, with all reasons of a refusal. */
export const showBatch = <Made, Shown>(outcomes: readonly Outcome<Made>[], show: (made: Made) => Shown) => ({
  items: showOutcomes(
    outcomes,
    (made) => ({ data: show(made), exceptions: [] as Refusal[] }),
    (refusals) => ({ exceptions: [...refusals] }),
  ),
})

/** Does the same where items have no `exceptions` when nothing went wrong, as those of ad groups. */
export const showBareBatch = <Made, Shown>(outcomes: readonly Outcome<Made>[], show: (made: Made) => Shown) => ({
  items: showOutcomes(
    outcomes,
    (made) => ({ data: show(made) }),
    (refusals) => ({ exceptions: [...refusals] }),
  ),
})

/** Returns the one reason of a refusal that an answer has place for: that of the first, in the words of all. */
export const asOne = (refusals: readonly Refusal[]): Refusal => ({
  code: refusals[0]?.code ?? 1,
  message: refusals.map(({ message }) => message).join(' '),
})

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

/** What sees to it that an answer may be repeated: who may not manage the ad account has been refused before. */
export const seenBefore = (): void => {}
