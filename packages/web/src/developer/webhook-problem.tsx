import { Icon } from '../ui/icon.tsx'
import { developerWords } from '../words/developer/index.ts'
import type { Webhook } from './calls.ts'
import { writeMoment } from './write-moment.ts'

const text = developerWords.webhooks

/** Says what is wrong with a webhook: why it tells nothing, or since when it fails. */
export function WebhookProblem({ webhook }: { webhook: Webhook }) {
  const { status, problem, failing_since: failingSince } = webhook
  if (status === 'enabled' && failingSince === null) return null
  return (
    <div className={status === 'disconnected' ? 'banner bad why' : 'banner warn why'}>
      <Icon name="alert" />
      <div className="min-w-0 flex-1">
        {status === 'paused' && <p>{text.isPaused}</p>}
        {status === 'disconnected' && <p>{text.isDisconnected}</p>}
        {status === 'enabled' && failingSince !== null && <p>{text.failing(writeMoment(failingSince))}</p>}
        {status !== 'disconnected' && problem && (
          <p className="font-normal" lang="en">
            {problem}
          </p>
        )}
      </div>
    </div>
  )
}
