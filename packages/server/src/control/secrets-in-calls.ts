/** What stands for a secret. */
const hidden = '…'

/** The names of fields, parameters and headers whose values are secret. */
const secretName =
  /passw|passphrase|secret$|^secret_?key|token|verifier|signature|credential|cookie|authorization|api[-_]?key|session|^policy$|^otp$|(^|[_-])code$/i
/** Names that look so and are none. */
const openName = /token_type|expires|(country|currency|error|language|status)[_-]?code$/i

/** Tokens of Pinfold and Pinterest, wherever they are in a text. */
const tokens = /\b(pin[a-z]{1,2}_)[\w.~+/=-]{6,}/g
/** Parameters in an address or a form, wherever they are in a text. */
const parameters = /([?&#;]|^)([\w.[\]%-]{1,64})=([^&#\s"'<>]*)/g
/** Longer texts of base64 are shortened, if they are that alone. */
const longestBase64 = 128
const base64 = /^(data:[\w./+-]+;base64,)?[\w+/-]+={0,2}$/

const isSecretName = (name: string): boolean => secretName.test(name) && !openName.test(name)

/** The value of a header of a call, without what is secret. */
export function openHeader(name: string, value: string): string {
  const lower = name.toLowerCase()
  if (lower === 'cookie' || lower === 'set-cookie')
    return value.replaceAll(/(^|;\s*)([^=;]+)=[^;]*/g, (whole, before: string, key: string) =>
      attributes.test(key) ? whole : `${before}${key}=${hidden}`,
    )
  if (lower.endsWith('authorization')) return `${/^(bearer|basic|replay)\b/i.exec(value)?.[0] ?? ''} ${hidden}`.trim()
  return isSecretName(name) ? hidden : openText(value)
}

/** Attributes of a cookie, which are no secret. */
const attributes = /^(path|domain|expires|max-age|samesite)$/i

/** A text without tokens, and without the values of secret parameters in addresses. */
export function openText(text: string): string {
  return text
    .replaceAll(tokens, `$1${hidden}`)
    .replaceAll(parameters, (whole, before: string, name: string) =>
      isSecretName(decoded(name)) ? `${before}${name}=${hidden}` : whole,
    )
}

/** A body as it may be shown, and what of it may not. */
export interface OpenBody {
  text: string
  /** Whether something was left out. */
  isShortened: boolean
  /** The secrets that it had, to leave them out wherever else they are. */
  secrets: readonly string[]
}

/** A body without what is secret: JSON and forms by the names of their fields, and nothing of what cannot be read. */
export function openBody(text: string, isForm: boolean): OpenBody {
  const secrets: string[] = []
  if (isForm) {
    const open = text.replaceAll(/([^&=]+)=([^&]*)/g, (_, name: string, value: string) => {
      const isSecret = isSecretName(decoded(name))
      if (isSecret) secrets.push(decoded(value))
      return `${name}=${isSecret ? hidden : openText(value)}`
    })
    return { text: open, isShortened: open !== text, secrets }
  }
  try {
    const open = openValue(JSON.parse(text), secrets)
    const isShortened = JSON.stringify(JSON.parse(text)) !== JSON.stringify(open)
    return { text: isShortened ? JSON.stringify(open) : text, isShortened, secrets }
  } catch {
    // What is not JSON could hold a secret anywhere.
    const open = secretWord.test(text) ? hidden : openText(text)
    return { text: open, isShortened: open !== text, secrets }
  }
}

const secretWord = /passw|secret|token|verifier|signature|credential|cookie|authorization|key|session|code/i

/** A value of JSON without what is secret; the secrets are added to `secrets`. */
function openValue(value: unknown, secrets: string[], isSecret = false): unknown {
  if (typeof value === 'string') {
    if (isSecret) secrets.push(value)
    return isSecret ? hidden : openString(value)
  }
  if (typeof value === 'number' && isSecret) return hidden
  if (Array.isArray(value)) return value.map((item) => openValue(item, secrets, isSecret))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      // The codes of errors are numbers; those of OAuth and of people are texts.
      const isCode = /code$/i.test(name) && typeof field === 'number'
      return [name, openValue(field, secrets, isSecret || (isSecretName(name) && !isCode) || /_parameters$/.test(name))]
    }),
  )
}

function openString(text: string): string {
  if (text.length > longestBase64 && base64.test(text))
    return `${text.slice(0, 16)}${hidden} (base64, ${text.length} characters)`
  return openText(text)
}

/** The secrets in the parameters of an address. */
export function secretsInAddress(url: string): string[] {
  const query = url.slice(url.indexOf('?') + 1)
  return url.includes('?')
    ? query.split('&').flatMap((pair) => {
        const [name = '', value = ''] = pair.split(/=(.*)/s)
        return isSecretName(decoded(name)) ? [decoded(value)] : []
      })
    : []
}

/** Shorter ones are words that stand in many places by chance. */
const leastSecret = 4
/** Messages of errors quote this much of a value. */
const quoted = 50

/** A text without these secrets, also where their beginning alone was quoted. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter(({ length }) => length >= leastSecret)
    .flatMap((secret) => [secret, secret.slice(0, quoted)])
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .reduce((open, secret) => open.replaceAll(secret, hidden), text)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
