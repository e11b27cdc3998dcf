import { expect, test } from 'vitest'
import { volumeText } from '../src/domains/ads/volume-text.ts'

test.each([
  [0, '0'],
  [9, '9'],
  [10, '10+'],
  [49, '10+'],
  [50, '50+'],
  [999, '500+'],
  [1000, '1K+'],
  [63_000, '50K+'],
  [5_400_000, '5M+'],
  [2e12, '1000B+'],
])('%d searches are told as %s', (count, text) => expect(volumeText(count)).toBe(text))
