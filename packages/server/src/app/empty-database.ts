import { constants } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { makeFolder } from '../core/make-folder.ts'
import { migrateToLatest } from '../db/migrate.ts'
import { ephemeralFolder } from './data-folder.ts'
import { databaseFile, openDatabase } from './open-data.ts'

/**
 * Returns a function that puts an empty database into a folder. It is made once, in `folder`, and copied from then on:
 * making its tables takes longer than all else that a sandbox needs.
 */
export function emptyDatabaseIn(folder: string): (to: string) => Promise<void> {
  let making: Promise<void> | undefined
  return async (to) => {
    making ??= make(folder)
    await making.catch((error) => {
      making = undefined
      throw error
    })
    await copyFile(databaseFile(folder), databaseFile(to), constants.COPYFILE_FICLONE)
  }
}

let isFirst = true
let putDatabase: ((to: string) => Promise<void>) | undefined

/**
 * Puts an empty database into the folder of an ephemeral server, which then starts in half the time. The first of a process
 * makes its tables itself: most processes have no other.
 */
export async function putEphemeralDatabase(to: string): Promise<void> {
  if (isFirst) {
    isFirst = false
    return
  }
  putDatabase ??= emptyDatabaseIn(ephemeralFolder().path)
  await putDatabase(to)
}

async function make(folder: string): Promise<void> {
  makeFolder(folder)
  const db = await openDatabase({ durability: 'relaxed' }, folder)
  try {
    await migrateToLatest(db)
  } finally {
    await db.close()
  }
}
