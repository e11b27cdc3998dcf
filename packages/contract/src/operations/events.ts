import { EventBatch, EventReceipt, HistoryBatch, HistoryReceipt } from '../models/event.ts'
import { operation } from '../operation.ts'
import { adAccountQuery } from '../schema.ts'
import { Type } from '../type.ts'

/** A thousand events with every field. */
const maxBytes = 2_000_000

export const events = {
  /** Sends events of Pins to be counted: all of them, or none if one is invalid. */
  send: operation({
    id: 'events/send',
    method: 'POST',
    root: '/_pinfold',
    path: '/events',
    tag: 'events',
    summary: 'Send events',
    description:
      'Tells what happened to Pins, up to 1,000 events at a time. They count when the answer comes. The same event ' +
      'may be sent again, under the same `id`: it counts once.',
    auth: { by: 'anyone' },
    category: 'events',
    body: { type: 'json', schema: EventBatch, maxBytes },
    success: { status: 200, description: 'How many of them count.', schema: EventReceipt },
    errors: {},
  }),
  /** Loads numbers of past days from elsewhere. */
  loadHistory: operation({
    id: 'events/load_history',
    method: 'POST',
    root: '/_pinfold',
    path: '/analytics/history',
    tag: 'events',
    summary: 'Load history',
    description:
      'Puts numbers of past days in place, such as those that Pinterest counted. They replace what is there for that ' +
      'Pin, day, metric and kind of device, or for that ad, day and metric, so that sending them again changes nothing. ' +
      'Those of ads need a token with ads:write, of somebody who manages the ad account.',
    auth: { by: 'token', scopes: ['pins:read', 'pins:write'], clientCredentials: true },
    category: 'events',
    query: Type.Object(adAccountQuery),
    body: { type: 'json', schema: HistoryBatch, maxBytes },
    success: {
      status: 200,
      description: 'How many rows are in place, and what was wrong with others.',
      schema: HistoryReceipt,
    },
    errors: {},
  }),
} as const
