/** How many changes of an order are shown that the server has not answered yet. */
let count = 0

/** Resolves as `sending` does. Until then what the server has is older than what is shown. */
export async function whileArranging<T>(sending: Promise<T>): Promise<T> {
  count++
  try {
    return await sending
  } finally {
    count--
  }
}

export const isArranging = (): boolean => count > 0
