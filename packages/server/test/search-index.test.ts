import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOneErrorAway, variantsOf } from '../src/domains/search/typing-errors.ts'
import { fold, wordsOf } from '../src/domains/search/words.ts'

describe('the words of a text', () => {
  test.each([
    ['Salt-glazed Cup, 2nd firing', ['salt', 'glazed', 'cup', '2nd', 'firing']],
    ['Crème brûlée à la Ångström', ['creme', 'brulee', 'a', 'la', 'angstrom']],
    ['Smørrebrød Łódź straße Æsir', ['smorrebrod', 'lodz', 'strasse', 'aesir']],
    ['ＦＵＬＬ ﬁne ½', ['full', 'fine', '1', '2']],
    ['Ἀθῆναι Москва́ ЁЛКА', ['αθηναι', 'москва', 'елка']],
    ['東京都庁 cup', ['東京', '京都', '都庁', 'cup']],
    ['猫', ['猫']],
    ['pin📌board', ['pin', 'board']],
    ['', []],
  ])('%j', (text, words) => expect(wordsOf(text)).toEqual(words))

  test('are the same however the text is capitalised or composed, and folding them again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const words = wordsOf(text)
        expect(wordsOf(text.normalize('NFD'))).toEqual(words)
        expect(wordsOf(text.normalize('NFC'))).toEqual(words)
        for (const word of words) expect(fold(word)).toBe(word)
        expect(words.every((word) => /^[\p{L}\p{N}]{1,80}$/u.test(word))).toBe(true)
      }),
    )
  })
})

describe('a typing error', () => {
  const letters = fc.stringMatching(/^[a-z]{4,12}$/)

  test.each([
    ['ceramics', 'ceramcs'],
    ['ceramics', 'cceramics'],
    ['ceramics', 'cetamics'],
    ['ceramics', 'ecramics'],
  ])('%s ~ %s', (word, mistyped) => {
    expect(isOneErrorAway(word, mistyped)).toBe(true)
    const common = variantsOf(word).filter((variant) => variantsOf(mistyped).includes(variant))
    expect(common.length).toBeGreaterThan(0)
  })

  test.each([
    ['ceramics', 'ceramics'],
    ['ceramics', 'ceram'],
    ['table', 'cable s'],
    ['abcd', 'badc'],
  ])('%s is not one away from %s', (one, other) => expect(isOneErrorAway(one, other)).toBe(false))

  test('of any kind, anywhere, is found by the variants that the two words share', () => {
    fc.assert(
      fc.property(letters, fc.nat(), fc.stringMatching(/^[a-z]$/), fc.nat(3), (word, at, letter, kind) => {
        const i = at % word.length
        const mistyped = [
          word.slice(0, i) + word.slice(i + 1),
          word.slice(0, i) + letter + word.slice(i),
          word.slice(0, i) + letter + word.slice(i + 1),
          word.slice(0, i) + (word[i + 1] ?? '') + (word[i] ?? '') + word.slice(i + 2),
        ][kind]
        fc.pre(mistyped !== undefined && mistyped !== word)
        expect(isOneErrorAway(word, mistyped ?? '')).toBe(true)
        expect(isOneErrorAway(mistyped ?? '', word)).toBe(true)
        const theirs = new Set(variantsOf(mistyped ?? ''))
        expect(variantsOf(word).some((variant) => theirs.has(variant))).toBe(true)
      }),
    )
  })
})
