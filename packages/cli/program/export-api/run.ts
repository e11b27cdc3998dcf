import { httpFile, openApiDocument, postmanCollection, type RequestCredentials } from '@pinfold/contract'
import { demoCredentials } from '@pinfold/server/demo-credentials'
import { writeWhole } from '../service/atomic-file.ts'

/** What the API can be written as. */
export type Format = 'openapi' | 'postman' | 'http'

/** Where to write it, and which server it is about. */
export interface ExportApiOptions {
  url: string
  /** Undefined: standard output. */
  output?: string
}

/** Writes the API in a format. */
export async function runExportApi(format: Format, { url, output }: ExportApiOptions): Promise<void> {
  const text = written(format, url)
  if (output === undefined) process.stdout.write(text)
  else await writeWhole(output, text)
}

function written(format: Format, url: string): string {
  if (format === 'http') return httpFile(url, credentialsAt(url))
  const document = format === 'openapi' ? openApiDocument(url) : postmanCollection(url, credentialsAt(url))
  return `${JSON.stringify(document, null, 2)}\n`
}

/** Those of the demo for a server on this machine; undefined for others, whose tokens belong in no file. */
function credentialsAt(url: string): RequestCredentials | undefined {
  const { hostname } = new URL(url)
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname) ? demoCredentials : undefined
}
