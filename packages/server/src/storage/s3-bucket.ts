import type { Readable } from 'node:stream'
import type { ListMultipartUploadsCommandInput, MultipartUpload, S3ServiceException } from '@aws-sdk/client-s3'
import { StorageUnavailable } from '../core/unavailable.ts'
import { addressTtlSeconds, type ByteRange, contentTypeOf, type KeptFile, type NewFile } from './storage.ts'
import { locationName, type S3Location } from './storage-location.ts'

/** An upload in parts that was begun and not completed, as S3 lists it. */
export type UnfinishedUpload = Pick<MultipartUpload, 'Key' | 'UploadId' | 'Initiated'>

/**
 * The objects of one bucket below a prefix. Names are without the prefix. Every method throws `StorageUnavailable`,
 * with a message without secrets, when the service fails.
 */
export interface S3Bucket {
  /** Writes an object, with the media type of its name. */
  put(file: NewFile): Promise<void>
  /** Opens an object, or a part of it; undefined if there is none. `size`: of the stream, in bytes. */
  get(name: string, range?: ByteRange): Promise<{ size: number; stream: Readable } | undefined>
  /** Returns the size of an object in bytes; undefined if there is none. */
  sizeOf(name: string): Promise<number | undefined>
  /** Returns an address of the object at the service, signed for `addressTtlSeconds`. */
  addressOf(name: string): Promise<string>
  /** Removes an object; no error if there is none. */
  delete(name: string): Promise<void>
  /** Yields the objects whose names begin with `prefix`, in the order of their names. */
  list(prefix?: string): AsyncGenerator<KeptFile>
  /** Requests one name, to check that the bucket can be used. */
  check(): Promise<void>
  /**
   * Yields multipart uploads that are in progress or were interrupted: their parts cost money and are not listed as
   * objects.
   */
  unfinishedUploads(): AsyncGenerator<UnfinishedUpload>
  /** Deletes the parts of an unfinished upload. */
  abort(upload: UnfinishedUpload): Promise<void>
  /** Closes the connections. */
  close(): void
}

/** A stream is uploaded in parts of this many bytes… */
const partBytes = 8 * 1024 * 1024
/** …of which at most this many are in memory. */
const partsAtOnce = 2
/** How long connecting may take, and how long an answer. */
const [connectMs, answerMs] = [5000, 30_000]

/** Opens a bucket; nothing is asked of the service yet. The SDK is loaded here, for those who use it. */
export async function openBucket(location: S3Location): Promise<S3Bucket> {
  const sdk = await import('@aws-sdk/client-s3')
  const client = new sdk.S3Client(clientConfig(location))
  const { bucket: Bucket, prefix } = location
  const at = (name: string) => ({ Bucket, Key: prefix + name })
  /** Does something with the service; undefined if the service says that it does not exist. */
  const ask = <T>(work: () => Promise<T>) => orUndefined(location, work)

  return {
    ...listing(sdk, client, location),

    async put({ name, bytes }) {
      const type = contentTypeOf(name)
      const object = { ...at(name), Body: bytes, ...(type && { ContentType: type }) }
      await ask(async () => {
        if (Buffer.isBuffer(bytes)) return void (await client.send(new sdk.PutObjectCommand(object)))
        const { Upload } = await import('@aws-sdk/lib-storage')
        await new Upload({ client, params: object, partSize: partBytes, queueSize: partsAtOnce }).done()
      })
    },

    async get(name, range) {
      const command = new sdk.GetObjectCommand({ ...at(name), ...(range && { Range: rangeHeader(range) }) })
      const object = await ask(() => client.send(command))
      return object && { size: object.ContentLength ?? 0, stream: object.Body as Readable }
    },

    async sizeOf(name) {
      const object = await ask(() => client.send(new sdk.HeadObjectCommand(at(name))))
      return object && (object.ContentLength ?? 0)
    },

    async addressOf(name) {
      const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner')
      const command = new sdk.GetObjectCommand({ ...at(name), ResponseContentType: contentTypeOf(name) })
      return getSignedUrl(client, command, { expiresIn: addressTtlSeconds })
    },

    async delete(name) {
      await ask(() => client.send(new sdk.DeleteObjectCommand(at(name))))
    },

    close: () => client.destroy(),
  }
}

type Sdk = typeof import('@aws-sdk/client-s3')

/** Returns the operations on the bucket as a whole. */
function listing(
  sdk: Sdk,
  client: InstanceType<Sdk['S3Client']>,
  location: S3Location,
): Pick<S3Bucket, 'list' | 'check' | 'unfinishedUploads' | 'abort'> {
  const { bucket: Bucket, prefix } = location
  const ask = <T>(work: () => Promise<T>) => orUndefined(location, work)

  return {
    async *list(below = '') {
      let token: string | undefined
      do {
        const input = { Bucket, Prefix: prefix + below, ...(token && { ContinuationToken: token }) }
        const page = await ask(() => client.send(new sdk.ListObjectsV2Command(input)))
        for (const { Key = '', Size = 0, LastModified } of page?.Contents ?? [])
          yield { name: Key.slice(prefix.length), size: Size, writtenAt: LastModified?.getTime() ?? 0 }
        token = page?.NextContinuationToken
      } while (token !== undefined)
    },

    async check() {
      // Not a HEAD of the bucket: its answer could not say what is wrong.
      await ask(() => client.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: 1 })))
    },

    async *unfinishedUploads() {
      let from: Pick<ListMultipartUploadsCommandInput, 'KeyMarker' | 'UploadIdMarker'> = {}
      for (let isMore = true; isMore; ) {
        const input = { Bucket, Prefix: prefix, ...from }
        const page = await ask(() => client.send(new sdk.ListMultipartUploadsCommand(input)))
        yield* page?.Uploads ?? []
        from = { KeyMarker: page?.NextKeyMarker, UploadIdMarker: page?.NextUploadIdMarker }
        isMore = page?.IsTruncated ?? false
      }
    },

    async abort({ Key, UploadId }) {
      await ask(() => client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId })))
    },
  }
}

/** How the SDK reaches the location. Credentials are those that AWS's own tools find. */
function clientConfig(location: S3Location) {
  const isAws = location.endpoint === undefined
  const checksums = isAws ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED' // Others do not know all of AWS's.
  const region = location.region ?? (isAws ? undefined : (process.env.AWS_REGION ?? 'us-east-1'))
  return {
    ...(region !== undefined && { region }),
    ...(location.endpoint !== undefined && { endpoint: location.endpoint }),
    forcePathStyle: location.pathStyle,
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    requestHandler: { connectionTimeout: connectMs, requestTimeout: answerMs, throwOnRequestTimeout: true },
  } as const
}

/** Runs `work`; what the service says does not exist is undefined. Throws `StorageUnavailable` without any secret. */
async function orUndefined<T>(location: S3Location, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    const { name, message, $metadata } = error as S3ServiceException
    const status = $metadata?.httpStatusCode
    if (name === 'NoSuchBucket') throw new StorageUnavailable(`${locationName(location)}: there is no such bucket.`)
    if (status === 404) return undefined
    // An answer to HEAD has no text that could say why.
    const why = name === 'Unknown' ? `HTTP status ${status}` : `${name}: ${message}`
    throw new StorageUnavailable(`${locationName(location)} does not do what it is asked: ${why}`)
  }
}

const rangeHeader = ({ start, end }: ByteRange): string => `bytes=${start}-${end}`
