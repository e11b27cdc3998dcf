import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { verifyWebhook, WebhookVerificationError } from '../src/index.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
const body = JSON.stringify({
  type: 'pin.created',
  timestamp: '2026-03-14T09:26:53.000Z',
  data: { title: 'Tasse für Öl' },
})

/** Returns the headers of a message, as the reference library of the Standard Webhooks signs it. */
const signed = (by = secret, at = new Date()): Record<string, string> => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': new Webhook(by).sign('msg_1', at, body),
})

test('a message that is signed with the secret is read, whatever its headers are in', async () => {
  const wanted = { id: 'msg_1', ...JSON.parse(body) }
  expect(await verifyWebhook(secret, { headers: signed(), body })).toEqual(wanted)
  expect(await verifyWebhook(secret, { headers: new Headers(signed()), body })).toEqual(wanted)
  const both = {
    ...signed(),
    'webhook-signature': `v1a,x ${signed(other)['webhook-signature']} ${signed()['webhook-signature']}`,
  }
  expect(await verifyWebhook(secret, { headers: both, body })).toEqual(wanted)
})

test.each([
  ['another secret', signed(other), body],
  ['another body', signed(), body.replace('Tasse', 'Vase')],
  ['another id', { ...signed(), 'webhook-id': 'msg_2' }, body],
  ['what is no signature', { ...signed(), 'webhook-signature': 'v1,§ v1,' }, body],
  ['an older message', signed(secret, new Date(Date.now() - 6 * 60_000)), body],
  ['a message of the future', signed(secret, new Date(Date.now() + 6 * 60_000)), body],
  ['no time', { ...signed(), 'webhook-timestamp': 'now' }, body],
  ['no headers', {}, body],
])('%s is refused', async (_, headers, text) => {
  await expect(verifyWebhook(secret, { headers, body: text })).rejects.toThrow(WebhookVerificationError)
})

test('a secret that is none is told', async () => {
  await expect(verifyWebhook('whsec_§', { headers: signed(), body })).rejects.toThrow('whsec_ and base64')
})
