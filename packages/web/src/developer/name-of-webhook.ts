import type { Webhook } from './calls.ts'

/** Returns what a webhook is called: its note, or its address. */
export const nameOfWebhook = ({ description, url }: Pick<Webhook, 'description' | 'url'>): string => description || url
