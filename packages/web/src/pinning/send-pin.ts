import { ApiFailure, failureOf } from '../api/call.ts'
import type { NewPin, Pin } from '../api/calls.ts'

export interface SendOptions {
  /** Under one key one Pin is made, however often it is sent. */
  key: string
  /** Is told which part of it is sent, from 0 to 1. */
  onProgress: (part: number) => void
}

/** Makes a Pin as `createPin` does, and tells how far it is: `fetch` cannot. Throws `ApiFailure`. */
export function sendPin(body: NewPin, { key, onProgress }: SendOptions): Promise<Pin> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/v5/pins')
    request.responseType = 'json'
    request.setRequestHeader('x-pinfold-app', '1')
    request.setRequestHeader('content-type', 'application/json')
    request.setRequestHeader('idempotency-key', key)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onerror = () => reject(new ApiFailure(0, ''))
    request.onload = () => {
      const { status, response } = request
      if (status === 201) return resolve(response)
      reject(failureOf(status, response?.message ?? '', (name) => request.getResponseHeader(name)))
    }
    request.send(JSON.stringify(body))
  })
}

/** Reads a file as base64. */
export function base64Of(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onerror = () => reject(reader.error)
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.readAsDataURL(file)
  })
}
