import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

// The second half of the action, after the last step of the job: shows what the server said, and stops it.

const { STATE_pid: pid, STATE_log: log } = process.env
if (log) console.log(`::group::Pinfold's log\n${readFileSync(log, 'utf8').slice(-100_000)}\n::endgroup::`)
if (pid) {
  // The group: npx, and the server below it.
  const send = (signal) => {
    try {
      process.kill(-Number(pid), signal)
      return true
    } catch {
      return false
    }
  }
  send('SIGTERM')
  for (let waited = 0; send(0); waited += 100) {
    if (waited >= 6000) send('SIGKILL')
    await sleep(100)
  }
}
