import { pinfold } from '@pinfold/test-support/command'
import { expect, test } from 'vitest'
import { toPinId } from '../program/service/arguments.ts'

test.each([
  ['pins', 'get', ''],
  ['pins', 'delete', '--yes', 'abc'],
  ['analytics', 'pin', '../boards'],
])('pinfold %s %s %s %s says what a Pin is called, and ends with 2 (12.25)', async (...args) => {
  const command = pinfold(args)
  expect(await command.ended).toBe(2)
  expect(command.stderr()).toMatch(/^pinfold: [^\n]*'pin'\. It must be an id, [^\n]*\n/)
  expect(command.stderr()).not.toMatch(/\.ts:\d/)
})

test.each([
  'https://www.pinterest.com/pin/123/',
  'https://pinterest.de/pin/a-coat--123/?mt=login',
  'http://127.0.0.1:4000/pin/123/visit',
  '123',
])('%s names the Pin 123 (12.25)', (text) => {
  expect(toPinId(text)).toBe('123')
})

test.each(['https://www.pinterest.com/ann/coats/', 'ftp://a.example/pin/123', '12.5', 'pin/123'])(
  '%s names none',
  (text) => {
    expect(() => toPinId(text)).toThrow('It must be an id')
  },
)
