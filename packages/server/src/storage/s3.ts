import { openBucket, type S3Bucket } from './s3-bucket.ts'
import { isKey, type KeptEntry, type MediaStorage } from './storage.ts'
import type { S3Location } from './storage-location.ts'

export interface S3Options {
  /** Whether clients can read files from the service itself, at addresses that are signed for a while. */
  givesAddresses: boolean
}

/** Keeps files in a bucket of S3, or of a service that speaks its protocol: `prefix/abcd…/600x.jpg`. */
export async function s3Storage(location: S3Location, { givesAddresses }: S3Options): Promise<MediaStorage> {
  const bucket = await openBucket(location)
  const nameOf = (key: string, name: string) => `${key}/${name}`

  async function remove(key: string): Promise<void> {
    const names = await Array.fromAsync(bucket.list(`${key}/`), ({ name }) => name)
    // One by one: services differ in what they accept as a request to delete several.
    await Promise.all(names.map((name) => bucket.delete(name)))
  }

  return {
    async save(key, files) {
      const saving = files.map(({ name, bytes }) => bucket.put({ name: nameOf(key, name), bytes }))
      const failed = (await Promise.allSettled(saving)).find(({ status }) => status === 'rejected')
      if (!failed) return
      for (const { bytes } of files) if (!Buffer.isBuffer(bytes)) bytes.destroy()
      await remove(key).catch(() => {}) // The key is still on the list to sweep.
      await Promise.all(saving)
    },
    replace: (key, { name, bytes }) => bucket.put({ name: nameOf(key, name), bytes }),
    open: (key, name, range) => bucket.get(nameOf(key, name), range),
    sizeOf: (key, name) => bucket.sizeOf(nameOf(key, name)),
    ...(givesAddresses && { addressOf: (key: string, name: string) => bucket.addressOf(nameOf(key, name)) }),
    remove,
    removeFile: (key, name) => bucket.delete(nameOf(key, name)),
    list: () => entriesOf(bucket),
    sweep: () => bucket.check(),

    async forgetUnfinished(begunBefore) {
      for await (const upload of bucket.unfinishedUploads())
        if (upload.Initiated && upload.Initiated.getTime() < begunBefore) await bucket.abort(upload)
    },

    addMark: (name) =>
      bucket.put({ name: markOf(name), bytes: Buffer.from('A server of Pinfold uses this storage.\n') }),
    hasMark: async (name) => (await bucket.sizeOf(markOf(name))) !== undefined,
    removeMark: (name) => bucket.delete(markOf(name)),

    async close() {
      bucket.close()
    },
  }
}

/** The name of a mark: no key's. */
const markOf = (name: string): string => `.servers/${name}`

/** Yields the objects by key. Those that are not named like media belong to somebody else. */
async function* entriesOf(bucket: S3Bucket): AsyncGenerator<KeptEntry> {
  let entry: KeptEntry | undefined
  for await (const { name: path, ...file } of bucket.list()) {
    const [key = '', name, ...rest] = path.split('/')
    if (!isKey(key) || !name || rest.length > 0) continue
    if (entry?.key !== key) {
      if (entry) yield entry
      entry = { key, files: [] }
    }
    entry.files.push({ name, ...file })
  }
  if (entry) yield entry
}
