import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** A DNS server of a test's own, which knows TXT records and nothing else. */
export interface TestDns {
  /** Where it listens: `address:port`. */
  address: string
  /** The TXT records of each name. */
  records: Map<string, string[]>
  close(): Promise<void>
}

/** Starts a DNS server on loopback. */
export async function startDns(): Promise<TestDns> {
  const records = new Map<string, string[]>()
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const { name, end } = readName(query, 12)
    socket.send(answerTo(query, end + 4, records.get(name.toLowerCase()) ?? []), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const close = () => new Promise<void>((resolve) => socket.close(() => resolve()))
  return { address: `127.0.0.1:${socket.address().port}`, records, close }
}

/** A name as RFC 1035 (3.1) writes it: labels, each after its length. */
function readName(message: Buffer, from: number): { name: string; end: number } {
  const labels: string[] = []
  let at = from
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.'), end: at + 1 }
}

/** The header, the question as it came, and an answer for each text; without any, that the name does not exist. */
function answerTo(query: Buffer, questionEnd: number, texts: readonly string[]): Buffer {
  const header = Buffer.from(query.subarray(0, 12))
  header.writeUInt16BE(texts.length > 0 ? 0x8580 : 0x8583, 2)
  header.writeUInt16BE(texts.length, 6)
  header.writeUInt32BE(0, 8)
  return Buffer.concat([header, query.subarray(12, questionEnd), ...texts.map(textRecord)])
}

/** A TXT record of the question's name: a pointer to it, type, class, time to live, and the text after its length. */
function textRecord(text: string): Buffer {
  const data = Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])
  const head = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, data.length])
  return Buffer.concat([head, data])
}
