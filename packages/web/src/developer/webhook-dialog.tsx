import { Form } from '../pinning/form.tsx'
import { showToast } from '../ui/toast.tsx'
import { developerWords } from '../words/developer/index.ts'
import { deleteWebhook, rotateWebhook, type Webhook } from './calls.ts'
import { nameOfWebhook } from './name-of-webhook.ts'
import { WebhookForm } from './webhook-form.tsx'

const text = developerWords.webhooks

/** What a dialog is asked to do with a webhook. */
export type AskedOfWebhook = { to: 'create' } | { to: 'edit' | 'renew' | 'delete'; webhook: Webhook }

/** Returns the title of the dialog. */
export function titleOfAsked(asked: AskedOfWebhook | undefined): string {
  return { create: text.make, edit: text.edit, renew: developerWords.newSecret, delete: text.remove }[
    asked?.to ?? 'create'
  ]
}

export interface WebhookDialogProps {
  asked: AskedOfWebhook
  close: () => void
  /** To be called after a change, with the webhook unless it is gone, and with its secret if that is new. */
  done: (changed?: Webhook, secret?: string) => Promise<void>
}

/** What the dialog of a webhook asks. */
export function WebhookDialog({ asked, close, done }: WebhookDialogProps) {
  return (
    <>
      <h2 className="text-18 mb-4">{titleOfAsked(asked)}</h2>
      {asked.to === 'create' || asked.to === 'edit' ? (
        <WebhookForm webhook={asked.to === 'edit' ? asked.webhook : undefined} close={close} done={done} />
      ) : (
        <Consent to={asked.to} webhook={asked.webhook} close={close} done={done} />
      )}
    </>
  )
}

type ConsentProps = Omit<WebhookDialogProps, 'asked'> & { to: 'renew' | 'delete'; webhook: Webhook }

/** Asks before what cannot be undone. */
function Consent({ to, webhook, close, done }: ConsentProps) {
  const name = nameOfWebhook(webhook)
  const given = { params: { webhook_id: webhook.id } }
  async function send(): Promise<void> {
    if (to === 'renew') return done(webhook, (await rotateWebhook(given)).secret)
    await deleteWebhook(given)
    showToast(text.deleted(name))
    await done()
  }
  return (
    <Form
      verb={to === 'renew' ? developerWords.newSecret : text.remove}
      send={send}
      close={close}
      isDangerous={to === 'delete'}
    >
      <p className="break-words">{to === 'renew' ? text.renews(name) : text.removes(name)}</p>
    </Form>
  )
}
