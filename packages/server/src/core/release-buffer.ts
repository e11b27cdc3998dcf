/** Smaller buffers are left to the garbage collector. Buffers that share their memory with others are far smaller. */
const leastBytes = 256 * 1024

/**
 * Frees the memory of a large buffer now; the buffer is empty afterwards. V8 would find out only by going through its
 * whole heap, which it does for every 60 MB of buffers, and answers nobody meanwhile. Call it when nothing uses the
 * buffer any more, including writes in progress.
 */
export function releaseBuffer({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= leastBytes) buffer.transfer(0)
}
