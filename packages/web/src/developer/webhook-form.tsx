import { useId, useState } from 'react'
import { Form } from '../pinning/form.tsx'
import { TextField } from '../pinning/text-field.tsx'
import { showToast } from '../ui/toast.tsx'
import { developerWords } from '../words/developer/index.ts'
import { createWebhook, updateWebhook, type Webhook, type WebhookDraft } from './calls.ts'
import { CheckField } from './check-field.tsx'
import { nameOfWebhook } from './name-of-webhook.ts'

const text = developerWords.webhooks

type Event = Webhook['events'][number]
type Metric = Webhook['thresholds'][number]['metric']

/** Each event once: a missing one does not compile. */
const allEvents = Object.keys({
  'pin.created': true,
  'pin.changed': true,
  'pin.deleted': true,
  'pin.reached': true,
  'board.created': true,
  'board.changed': true,
  'board.deleted': true,
  'media.ready': true,
  'media.failed': true,
  'token.revoked': true,
} satisfies Record<Event, true>) as Event[]
const options = allEvents.map((value) => ({ value, name: value }))
const choices: readonly { name: string; chosen: readonly Event[] }[] = [
  { name: text.allEvents, chosen: allEvents },
  { name: text.noEvents, chosen: [] },
]
const metrics = Object.keys(text.metrics) as Metric[]

type Counts = Record<Metric, string>
const countsOf = (webhook: Webhook | undefined) =>
  Object.fromEntries(
    metrics.map((metric) => [
      metric,
      (webhook?.thresholds ?? [])
        .filter((one) => one.metric === metric)
        .map(({ count }) => count)
        .join(', '),
    ]),
  ) as Counts
const thresholdsOf = (counts: Counts) =>
  metrics.flatMap((metric) =>
    [...new Set(counts[metric].match(/\d+/g) ?? [])].map((count) => ({ metric, count: Number(count) })),
  )

export interface WebhookFormProps {
  /** Undefined: a new one. */
  webhook: Webhook | undefined
  close: () => void
  /** To be called with the webhook, and with the secret of a new one. */
  done: (webhook: Webhook, secret?: string) => Promise<void>
}

/** Makes or changes a webhook. */
export function WebhookForm({ webhook, close, done }: WebhookFormProps) {
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [note, setNote] = useState(webhook?.description ?? '')
  const [events, setEvents] = useState<ReadonlySet<Event>>(
    new Set(webhook?.events ?? allEvents.filter((event) => event !== 'pin.reached')),
  )
  const [counts, setCounts] = useState(() => countsOf(webhook))
  const [includesSecret, setIncludesSecret] = useState(webhook?.includes_secret ?? false)

  async function send(): Promise<void> {
    const draft: WebhookDraft = {
      url: url.trim(),
      description: note.trim(),
      events: allEvents.filter((event) => events.has(event)),
      thresholds: events.has('pin.reached') ? thresholdsOf(counts) : [],
      includes_secret: includesSecret,
    }
    if (webhook) {
      const saved = await updateWebhook({ params: { webhook_id: webhook.id }, body: draft })
      await done(saved)
      showToast(text.saved(nameOfWebhook(saved)))
    } else {
      const { secret, ...made } = await createWebhook({ body: draft })
      await done(made, secret)
      showToast(text.made(nameOfWebhook(made)))
    }
  }

  return (
    <Form
      verb={webhook ? text.save : text.create}
      send={send}
      close={close}
      isOff={url.trim() === '' || events.size === 0}
    >
      <TextField label={text.url} value={url} onChange={setUrl} maxLength={2048} hint={text.urlHint} isRequired />
      <TextField label={text.note} value={note} onChange={setNote} maxLength={200} hint={text.noteHint} />
      <CheckField
        label={text.events}
        counted={text.chosenEvents(events.size)}
        choices={choices}
        options={options}
        chosen={events}
        onChange={setEvents}
        isCode
      />
      {events.has('pin.reached') && <Thresholds counts={counts} onChange={setCounts} />}
      <label className="box">
        <input type="checkbox" checked={includesSecret} onChange={({ target }) => setIncludesSecret(target.checked)} />
        {text.secretBoards}
      </label>
    </Form>
  )
}

function Thresholds({ counts, onChange }: { counts: Counts; onChange: (counts: Counts) => void }) {
  const id = useId()
  return (
    <fieldset className="field" aria-describedby={`${id}-hint`}>
      <legend>{text.thresholds}</legend>
      <small id={`${id}-hint`}>{text.thresholdsHint}</small>
      <div className="pair">
        {metrics.map((metric) => (
          <div className="field" key={metric}>
            <label htmlFor={`${id}-${metric}`}>{text.metrics[metric]}</label>
            <input
              id={`${id}-${metric}`}
              className="in"
              value={counts[metric]}
              maxLength={100}
              inputMode="numeric"
              pattern="\s*[0-9]{1,10}([,;\s]+[0-9]{1,10})*\s*"
              title={text.thresholdsHint}
              onChange={({ target }) => onChange({ ...counts, [metric]: target.value })}
            />
          </div>
        ))}
      </div>
    </fieldset>
  )
}
