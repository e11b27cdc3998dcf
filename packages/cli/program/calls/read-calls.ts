import { readFile } from 'node:fs/promises'
import type { Operation } from '@pinfold/contract'
import type { NotServedOperation } from '@pinfold/contract/not-served'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { findNotServed, findOperation } from './find-operation.ts'

/** A call of the API in a HAR file. */
export interface RecordedCall {
  /** Its number among the file's entries, from 1. */
  number: number
  method: string
  url: URL
  /** The operation of the contract; undefined if there is none. */
  operation: Operation | undefined
  /** The operation of Pinterest's that it is, if Pinfold does not serve that. */
  notServed: NotServedOperation | undefined
  /** The parameters of its path. */
  params: Readonly<Record<string, string>>
  /** The names of its headers, in lower case, with their values. */
  headers: Readonly<Record<string, string>>
  body: RecordedBody
  answer: {
    /** 0: none came. */
    status: number
    headers: Readonly<Record<string, string>>
    body: RecordedBody
  }
  /** When it began and how long it took, in milliseconds. */
  beganAt: number
  durationMs: number
}

/** A body: what its JSON or form says; or a text that is neither; or one that the file does not have. */
export type RecordedBody =
  | { kind: 'none' | 'not kept' }
  | { kind: 'json' | 'form'; value: unknown }
  | { kind: 'text'; text: string }

interface HarMessage {
  headers?: { name: string; value: string }[]
}

interface HarEntry {
  startedDateTime?: string
  time?: number
  request: HarMessage & {
    method: string
    url: string
    bodySize?: number
    postData?: { mimeType?: string; text?: string; comment?: string }
  }
  response: HarMessage & { status: number; content?: { mimeType?: string; text?: string; size?: number } }
}

/** Reads the calls of the API in a HAR file, in the order in which they began. Throws a `CommandError`. */
export async function readCalls(path: string): Promise<RecordedCall[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`Cannot read ${path}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}.`)
  })
  try {
    return callsOf(JSON.parse(text))
  } catch {
    throw new CommandError(`${path} is no HAR file: record one with pinfold exec --log.`, exitCodes.usage)
  }
}

/** Returns the calls of the API in the content of a HAR file. Throws when it is none. */
export function callsOf(har: { log: { entries: HarEntry[] } }): RecordedCall[] {
  return har.log.entries
    .map((entry, at) => callOf(entry, at + 1))
    .filter((call) => isOfApi(call.url))
    .toSorted((a, b) => a.beganAt - b.beganAt || a.number - b.number)
}

const isOfApi = ({ hostname, pathname }: URL): boolean =>
  /^api(-sandbox)?\.pinterest\.com$/.test(hostname) || /^(\/sandbox)?\/v\d\//.test(pathname)

function callOf({ startedDateTime, time, request, response }: HarEntry, number: number): RecordedCall {
  const url = new URL(request.url)
  const { method, postData } = request
  const wasSent = postData !== undefined || (request.bodySize ?? 0) > 0
  const headers = headersOf(request)
  return {
    number,
    method,
    url,
    ...findOperation(method, url.pathname),
    notServed: findNotServed(method, url.pathname),
    headers,
    body: wasSent ? bodyOf(postData?.text, postData?.mimeType ?? headers['content-type']) : { kind: 'none' },
    answer: {
      status: response.status,
      headers: headersOf(response),
      body: answerBodyOf(response),
    },
    beganAt: Date.parse(startedDateTime ?? '') || 0,
    durationMs: time ?? 0,
  }
}

const headersOf = ({ headers = [] }: HarMessage): Record<string, string> =>
  Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value]))

function answerBodyOf({ content }: HarEntry['response']): RecordedBody {
  return content?.text === undefined && !content?.size ? { kind: 'none' } : bodyOf(content.text, content.mimeType)
}

function bodyOf(text: string | undefined, mimeType = ''): RecordedBody {
  if (text === undefined) return { kind: 'not kept' }
  if (text === '') return { kind: 'none' }
  if (mimeType.includes('form-urlencoded'))
    return { kind: 'form', value: Object.fromEntries(new URLSearchParams(text)) }
  try {
    return { kind: 'json', value: JSON.parse(text) }
  } catch {
    return { kind: 'text', text }
  }
}
