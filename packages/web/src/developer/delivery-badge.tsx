import { developerWords } from '../words/developer/index.ts'
import type { Delivery } from './calls.ts'

const looks: Record<Delivery['status'], string> = { waiting: 'badge', delivered: 'badge ok', failed: 'badge bad' }

/** How it stands with a delivery, in the colour of it. */
export function DeliveryBadge({ delivery: { status, attempts } }: { delivery: Delivery }) {
  const look = status === 'waiting' && attempts > 0 ? 'badge warn' : looks[status]
  return <span className={look}>{developerWords.webhooks.deliveryStatuses[status]}</span>
}
