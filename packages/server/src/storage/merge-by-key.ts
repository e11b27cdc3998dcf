interface Keyed {
  key: string
}

/** Walks two lists in the order of their keys side by side. Yields what is in one of them, or in both. */
export async function* mergeByKey<A extends Keyed, B extends Keyed>(
  left: AsyncIterable<A>,
  right: AsyncIterable<B>,
): AsyncGenerator<{ left: A; right?: B } | { left?: undefined; right: B }> {
  const [lefts, rights] = [left[Symbol.asyncIterator](), right[Symbol.asyncIterator]()]
  let [a, b] = [await lefts.next(), await rights.next()]
  while (!a.done || !b.done) {
    if (!a.done && (b.done || a.value.key < b.value.key)) {
      yield { left: a.value }
      a = await lefts.next()
    } else if (!b.done && (a.done || b.value.key < a.value.key)) {
      yield { right: b.value }
      b = await rights.next()
    } else if (!a.done && !b.done) {
      yield { left: a.value, right: b.value }
      ;[a, b] = [await lefts.next(), await rights.next()]
    }
  }
}
