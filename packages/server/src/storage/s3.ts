import type { Readable } from 'node:stream'
import type { ListMultipartUploadsCommandInput, S3ServiceException } from '@aws-sdk/client-s3'
import { StorageUnavailable } from '../core/unavailable.ts'
import {
  addressTtlSeconds,
  type ByteRange,
  contentTypeOf,
  isKey,
  type KeptEntry,
  type MediaStorage,
  type NewFile,
} from './storage.ts'
import { placeName, type S3Place } from './storage-location.ts'

export interface S3Options {
  /** Whether files can be had from the service itself, at addresses that are signed for a while. */
  givesAddresses: boolean
}

/** A stream goes up in parts of so many bytes… */
const partBytes = 8 * 1024 * 1024
/** …of which so many are in memory. */
const partsAtOnce = 2
/** So long a connection may take to come about, and an answer to come. */
const [connectMs, answerMs] = [5000, 30_000]

/**
 * Keeps files in a bucket of S3, or of a service that speaks its protocol: `prefix/abcd…/600x.jpg`. Credentials are
 * those that AWS's own tools find. The SDK is loaded here, for those who use it.
 */
export async function s3Storage(place: S3Place, { givesAddresses }: S3Options): Promise<MediaStorage> {
  const sdk = await import('@aws-sdk/client-s3')
  const checksums = place.endpoint === undefined ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED' // Others do not know all of AWS's.
  const region = place.region ?? (place.endpoint === undefined ? undefined : (process.env.AWS_REGION ?? 'us-east-1'))
  const client = new sdk.S3Client({
    ...(region !== undefined && { region }),
    ...(place.endpoint !== undefined && { endpoint: place.endpoint }),
    forcePathStyle: place.pathStyle,
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    requestHandler: { connectionTimeout: connectMs, requestTimeout: answerMs, throwOnRequestTimeout: true },
  })
  const { bucket: Bucket, prefix } = place
  const where = (key: string, name: string) => ({ Bucket, Key: `${prefix}${key}/${name}` })

  /** Does something with the service. What it says does not exist is undefined; other errors say no secrets. */
  async function asked<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      const { name, message, $metadata } = error as S3ServiceException
      const status = $metadata?.httpStatusCode
      if (name === 'NoSuchBucket') throw new StorageUnavailable(`${placeName(place)}: there is no such bucket.`)
      if (status === 404) return undefined
      // An answer to HEAD has no text that could say why.
      const why = name === 'Unknown' ? `HTTP status ${status}` : `${name}: ${message}`
      throw new StorageUnavailable(`${placeName(place)} does not do what it is asked: ${why}`)
    }
  }

  async function put(key: string, { name, bytes }: NewFile): Promise<void> {
    const type = contentTypeOf(name)
    const object = { ...where(key, name), Body: bytes, ...(type && { ContentType: type }) }
    if (Buffer.isBuffer(bytes)) await client.send(new sdk.PutObjectCommand(object))
    else {
      const { Upload } = await import('@aws-sdk/lib-storage')
      await new Upload({ client, params: object, partSize: partBytes, queueSize: partsAtOnce }).done()
    }
  }

  async function* objects(Prefix: string) {
    let token: string | undefined
    do {
      const page = await asked(() =>
        client.send(new sdk.ListObjectsV2Command({ Bucket, Prefix, ...(token && { ContinuationToken: token }) })),
      )
      for (const { Key = '', Size = 0, LastModified } of page?.Contents ?? [])
        yield { name: Key.slice(prefix.length), size: Size, writtenAt: LastModified?.getTime() ?? 0 }
      token = page?.NextContinuationToken
    } while (token !== undefined)
  }

  async function remove(key: string): Promise<void> {
    const names = await Array.fromAsync(objects(`${prefix}${key}/`), ({ name }) => name)
    // One by one: services differ in what they want of a request to delete many.
    await Promise.all(
      names.map((name) => asked(() => client.send(new sdk.DeleteObjectCommand({ Bucket, Key: prefix + name })))),
    )
  }

  /** Uploads in parts that go on, or were cut off: their parts cost money and are seen by nobody. */
  async function* unfinishedUploads() {
    let from: Pick<ListMultipartUploadsCommandInput, 'KeyMarker' | 'UploadIdMarker'> = {}
    for (let isMore = true; isMore; ) {
      const input = { Bucket, Prefix: prefix, ...from }
      const page = await asked(() => client.send(new sdk.ListMultipartUploadsCommand(input)))
      yield* page?.Uploads ?? []
      from = { KeyMarker: page?.NextKeyMarker, UploadIdMarker: page?.NextUploadIdMarker }
      isMore = page?.IsTruncated ?? false
    }
  }

  return {
    async save(key, files) {
      const saving = files.map((file) => asked(() => put(key, file)))
      const failed = (await Promise.allSettled(saving)).find(({ status }) => status === 'rejected')
      if (!failed) return
      for (const { bytes } of files) if (!Buffer.isBuffer(bytes)) bytes.destroy()
      await remove(key).catch(() => {}) // The key is still on the list of what to sweep.
      await Promise.all(saving)
    },

    async replace(key, file) {
      await asked(() => put(key, file))
    },

    async open(key, name, range) {
      const command = new sdk.GetObjectCommand({ ...where(key, name), ...(range && { Range: rangeHeader(range) }) })
      const object = await asked(() => client.send(command))
      return object && { size: object.ContentLength ?? 0, stream: object.Body as Readable }
    },

    async sizeOf(key, name) {
      const object = await asked(() => client.send(new sdk.HeadObjectCommand(where(key, name))))
      return object && (object.ContentLength ?? 0)
    },

    ...(givesAddresses && {
      async addressOf(key: string, name: string) {
        const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner')
        const command = new sdk.GetObjectCommand({ ...where(key, name), ResponseContentType: contentTypeOf(name) })
        return getSignedUrl(client, command, { expiresIn: addressTtlSeconds })
      },
    }),

    remove,

    async removeFile(key, name) {
      await asked(() => client.send(new sdk.DeleteObjectCommand(where(key, name))))
    },

    async *list() {
      let entry: KeptEntry | undefined
      for await (const { name: path, ...file } of objects(prefix)) {
        const [key = '', name, ...rest] = path.split('/')
        if (!isKey(key) || !name || rest.length > 0) continue
        if (entry?.key !== key) {
          if (entry) yield entry
          entry = { key, files: [] }
        }
        entry.files.push({ name, ...file })
      }
      if (entry) yield entry
    },

    async sweep() {
      // Not a HEAD of the bucket: its answer could not say what is wrong.
      await asked(() => client.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: 1 })))
    },

    async forgetUnfinished(begunBefore) {
      for await (const { Key, UploadId, Initiated } of unfinishedUploads())
        if (Initiated && Initiated.getTime() < begunBefore)
          await asked(() => client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId })))
    },

    async close() {
      client.destroy()
    },
  }
}

const rangeHeader = ({ start, end }: ByteRange): string => `bytes=${start}-${end}`
