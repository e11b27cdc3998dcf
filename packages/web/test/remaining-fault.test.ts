import { expect, test } from 'vitest'
import { remainingOf } from '../src/developer/remaining-fault.ts'

const fault = { id: '7', effect: 'error', operation: 'pins/create', matched: 0, happened: 0 } as const

test('a fault is made anew with what is left of it', () => {
  expect(remainingOf(fault)).toEqual({ effect: 'error', operation: 'pins/create' })
  expect(remainingOf({ ...fault, times: 3, after: 2, matched: 3, happened: 1 })).toEqual({
    ...{ effect: 'error', operation: 'pins/create', times: 2, after: 0 },
  })
  expect(remainingOf({ ...fault, after: 5, matched: 3 })).toMatchObject({ after: 2 })
  expect(remainingOf({ ...fault, times: 2, matched: 9, happened: 2 })).toBeUndefined()
})
