import type { ReviewPoint } from '@pinfold/contract'
import { describe, expect, test } from 'vitest'
import { type ReviewedCall, reviewOf } from '../src/control/review-app.ts'

let lastId = 0

/** A call that went well, unless told otherwise. */
const call = (given: Partial<ReviewedCall> = {}): ReviewedCall => ({
  ...{ id: ++lastId, at: 0, durationMs: 1, method: 'GET', url: '/v5/boards', operation: 'boards/list' },
  ...{ account: 'alice', request: { text: undefined }, answer: { text: '{}' }, status: 200 },
  ...{ answerHeaders: '', refusal: undefined, replayOf: undefined },
  ...given,
})
const token = (response_type: string, scope = 'boards:read') =>
  call({
    ...{ method: 'POST', url: '/v5/oauth/token', operation: 'oauth/token', account: undefined },
    answer: { text: JSON.stringify({ response_type, access_token: '…', scope }) },
  })
const refused = (given: Partial<ReviewedCall>) => call({ status: 400, refusal: { entry: 'invalidRequest' }, ...given })
const limited = (given: Partial<ReviewedCall>) =>
  call({ status: 429, refusal: { entry: 'rateLimited' }, answerHeaders: 'retry-after: 5', ...given })

const stateOf = (name: ReviewPoint, calls: readonly ReviewedCall[]) =>
  reviewOf(calls).points.find(({ point }) => point === name)

test('an app that has done nothing has shown nothing', () => {
  const { points, calls, scopes } = reviewOf([])
  expect(points.map(({ state }) => state)).toEqual(['open', 'open', 'open', 'open', 'open'])
  expect([calls, scopes.used]).toEqual([0, []])
})

test('consent and refresh are shown by what they give', () => {
  expect(stateOf('consent', [token('client_credentials')])?.state).toBe('open')
  const [exchange, refresh] = [token('authorization_code'), token('refresh_token')]
  expect(stateOf('consent', [exchange, refresh])).toMatchObject({ state: 'shown', calls: [exchange.id] })
  expect(stateOf('refresh', [exchange, refresh])).toMatchObject({ state: 'shown', calls: [refresh.id] })
  expect(stateOf('refresh', [exchange])?.state).toBe('open')
  const failed = { ...refresh, status: 401 }
  expect(stateOf('refresh', [failed])?.state).toBe('open')
})

test('scopes are used by what went well, and missing where a call was refused for them', () => {
  const granted = token('authorization_code', 'boards:read boards:read_secret pins:read')
  expect(reviewOf([granted, call()]).scopes).toEqual({
    granted: ['boards:read', 'boards:read_secret', 'pins:read'],
    used: ['boards:read', 'boards:read_secret'],
    unused: ['pins:read'],
    missing: [],
  })
  expect(stateOf('scopes', [granted, call()])).toMatchObject({
    state: 'open',
    text: expect.stringContaining('pins:read'),
  })
  const pins = call({ operation: 'pins/list', url: '/v5/pins' })
  expect(stateOf('scopes', [granted, call(), { ...pins, status: 403 }])?.state).toBe('open')
  expect(stateOf('scopes', [granted, call(), pins])?.state).toBe('shown')
  const beyond = call({
    status: 401,
    refusal: { entry: 'insufficientScope', reason: { missingScopes: ['pins:write'] } },
  })
  expect(stateOf('scopes', [granted, call(), pins, beyond])).toMatchObject({ state: 'wrong', calls: [beyond.id] })
})

describe('errors', () => {
  test('are handled when something else comes after them', () => {
    const first = refused({ at: 1000, request: { text: '{"name":""}' } })
    const mended = call({ at: 1100, request: { text: '{"name":"Cups"}' } })
    expect(stateOf('errors', [call(), mended])?.state).toBe('open')
    expect(stateOf('errors', [first, mended])).toMatchObject({ state: 'shown', calls: [first.id] })
    expect(stateOf('errors', [first, refused({ ...first, id: 99, at: 2000 })])?.state).toBe('shown')
  })

  test('are not handled when the same comes again and again', () => {
    const again = [1000, 2000, 3000].map((at) => refused({ at }))
    expect(stateOf('errors', again)).toMatchObject({ state: 'wrong', calls: [again[2]?.id] })
    const atOnce = [1000, 1000, 1000].map((at) => refused({ at, durationMs: 0.4 }))
    expect(stateOf('errors', atOnce)?.state).toBe('wrong')
    const sideBySide = [1000, 1001, 1002].map((at) => refused({ at, durationMs: 30 }))
    expect(stateOf('errors', sideBySide)?.state).toBe('shown')
    const hourly = [0, 1, 2, 3].map((hour) => refused({ at: hour * 3_600_000 }))
    expect(stateOf('errors', hourly)?.state).toBe('shown')
    const sentByHand = again.map((one) => ({ ...one, replayOf: 1 }))
    expect(stateOf('errors', sentByHand)?.state).toBe('open')
  })

  test('of the server are to be tried again, after a pause', () => {
    const down = call({ at: 1000, status: 503, refusal: { entry: 'unavailable' } })
    expect(stateOf('errors', [down, call({ at: 1002 })])?.state).toBe('wrong')
    expect(stateOf('errors', [down, { ...down, at: 2000 }, { ...down, at: 4000 }, call({ at: 8000 })])?.state).toBe(
      'shown',
    )
  })

  test('of an expired token are none: the same comes again with another', () => {
    const expired = call({ status: 401, refusal: { entry: 'authenticationFailed' } })
    expect(stateOf('errors', [expired, expired, expired])?.state).toBe('open')
  })
})

describe('a rate limit', () => {
  test('is respected by who waits, or does something else', () => {
    expect(stateOf('rate_limits', [call()])?.state).toBe('open')
    const first = limited({ at: 1000 })
    expect(stateOf('rate_limits', [first, call({ at: 6000 })])).toMatchObject({ state: 'shown', calls: [first.id] })
    expect(stateOf('rate_limits', [first, call({ at: 2000, account: 'bob' })])?.state).toBe('shown')
    expect(stateOf('rate_limits', [first, call({ at: 2000, operation: 'pins/list' })])?.state).toBe('shown')
    // It was under way already.
    expect(stateOf('rate_limits', [first, call({ at: 1500, durationMs: 900 })])?.state).toBe('shown')
  })

  test('is not respected by who sends more before', () => {
    const early = call({ at: 3000 })
    expect(stateOf('rate_limits', [limited({ at: 1000 }), early])).toMatchObject({ state: 'wrong', calls: [early.id] })
    const hasty = limited({ at: 1500, answerHeaders: '' })
    expect(stateOf('rate_limits', [limited({ at: 1000, answerHeaders: '' }), hasty])?.state).toBe('wrong')
  })
})
