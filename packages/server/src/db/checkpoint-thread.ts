/** The thread that moves what is in the log into the file; see `checkpoints.ts`. Its data is the path of the file. */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

/** What is committed meanwhile is moved by the next try; it is less each time. */
const mostTries = 3

const db = new DatabaseSync(workerData, { timeout: 5000 })
db.exec('PRAGMA synchronous = NORMAL')
const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')

parentPort?.on('message', (message) => {
  if (message === 'close') {
    db.close()
    return parentPort?.close()
  }
  for (let tries = 0; tries < mostTries; tries++) {
    const { busy, log, checkpointed } = checkpoint.get() ?? {}
    if (busy !== 0 || log === checkpointed) break
  }
  parentPort?.postMessage('done')
})
