/** Less is left to the garbage collector. Buffers that share their memory with others are far smaller. */
const leastBytes = 256 * 1024

/**
 * Gives back the memory of a large buffer now; the buffer is empty then. V8 would find out only by going through its
 * whole heap, which it does for every 60 MB of them, and answers nobody meanwhile.
 * Call it when nothing uses the buffer any more: no write of it may be under way either.
 */
export function releaseBuffer({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= leastBytes) buffer.transfer(0)
}
