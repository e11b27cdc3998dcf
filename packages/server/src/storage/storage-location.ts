import { ConfigError } from '../core/errors.ts'

/** Where files are kept, as `--storage` names it. */
export type StorageLocation = { kind: 'folder'; path: string } | S3Location

export interface S3Location {
  kind: 's3'
  bucket: string
  /** The prefix of all object names: empty, or with a slash at its end. */
  prefix: string
  /** The address of the service; undefined for AWS itself. */
  endpoint: string | undefined
  region: string | undefined
  /** Whether the bucket is in the path (`https://host/bucket/…`) rather than in the host name. */
  pathStyle: boolean
}

const example = 's3://bucket/prefix?endpoint=https://s3.example.com&region=eu-1&path-style=true'

/** Reads what `--storage` was given: a folder, or `s3://bucket/prefix?endpoint=…`. Throws `ConfigError`. */
export function readLocation(text: string): StorageLocation {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return { kind: 'folder', path: text }
  const url = URL.parse(text)
  if (url?.protocol !== 's3:' || !url.hostname) throw new ConfigError(`--storage must be a folder, or like ${example}.`)
  if (url.username || url.password || url.port)
    throw new ConfigError('--storage names the bucket alone. Credentials come from AWS_ACCESS_KEY_ID and the like.')
  const { endpoint, region, 'path-style': pathStyle, ...unknown } = Object.fromEntries(url.searchParams)
  const [name] = Object.keys(unknown)
  if (name !== undefined)
    throw new ConfigError(`--storage: unknown parameter '${name}'. There are endpoint, region and path-style.`)
  if (endpoint !== undefined && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ''))
    throw new ConfigError('--storage: endpoint must be an http or https address, such as https://s3.example.com.')
  if (pathStyle !== undefined && pathStyle !== 'true' && pathStyle !== 'false')
    throw new ConfigError('--storage: path-style must be true or false.')
  if (url.pathname.includes('%')) throw new ConfigError('--storage: the prefix must be of plain letters.')
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '')
  return {
    kind: 's3',
    bucket: url.hostname,
    prefix: prefix && `${prefix}/`,
    endpoint,
    region,
    pathStyle: pathStyle === undefined ? endpoint !== undefined : pathStyle === 'true',
  }
}

/** A location in words, for messages. */
export function locationName(location: StorageLocation): string {
  return location.kind === 'folder' ? location.path : `s3://${location.bucket}/${location.prefix}`
}
