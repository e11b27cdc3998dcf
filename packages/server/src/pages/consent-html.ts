import { type Scope, scopes as scopeWords } from '@pinfold/contract'
import { Html, html, page } from './html.ts'

/** Returns hidden fields of a form. */
function hidden(fields: Record<string, string | undefined>): Html[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [html`<input type="hidden" name="${name}" value="${value}">`],
  )
}

const withReturn = (path: string, returnTo: string): string => `${path}?${new URLSearchParams({ return_to: returnTo })}`

/** Focuses the field that a visitor fills in next. */
const focus = new Html(' autofocus')

/** An account that is open to everybody. */
export interface OpenAccount {
  username: string
  password: string
}

export interface FormState {
  /** The path of this server to go to afterwards. */
  returnTo: string
  username?: string
  /** What was wrong with the last try. */
  problem?: string
}

/** What a sign-in form offers. */
export interface SignInOffers {
  /** The app that sent the visitor here, if any. */
  appName?: string | undefined
  /** Whether strangers may make accounts. */
  signUp: boolean
  /** The demo's account, if the data is the demo's. */
  demo?: OpenAccount | undefined
}

/** Returns the sign-in form. */
export function signInPage(state: FormState, { appName, signUp, demo }: SignInOffers): string {
  const { returnTo, username, problem } = state
  return page(
    'Sign in',
    html`<h1>Sign in</h1>
<p class="soft">${appName ? html`<strong>${appName}</strong> asks for access to your account.` : 'To your account on this server.'}</p>
${demo && demoOffer(demo, returnTo)}
${problem && html`<p class="bad" role="alert">${problem}</p>`}
<form method="post" action="/oauth/sign-in">${hidden({ return_to: returnTo })}
<label>Username<input name="username" autocomplete="username" autocapitalize="none" required maxlength="30" value="${username ?? ''}"${username ? '' : focus}></label>
<label>Password<input name="password" type="password" autocomplete="current-password" required maxlength="200"${username ? focus : ''}></label>
<div class="actions"><button${demo && secondRank}>Sign in</button></div></form>
${signUp && html`<p class="soft after">No account yet? <a href="${withReturn('/oauth/sign-up', returnTo)}">Sign up</a></p>`}`,
  )
}

/** Marks a button beside which another is the one to press. */
const secondRank = new Html(' class="second"')

const demoOffer = ({ username, password }: OpenAccount, returnTo: string): Html =>
  html`<div class="note">This is the demo: its account is open to everybody.
<form method="post" action="/oauth/sign-in">${hidden({ username, password, return_to: returnTo })}
<div class="actions"><button>Open the demo</button></div></form></div>`

/** Returns the sign-up form. */
export function signUpPage({ returnTo, username, problem }: FormState): string {
  return page(
    'Sign up',
    html`<h1>Sign up</h1>
<p class="soft">For an account on this server.</p>
${problem && html`<p class="bad" role="alert">${problem}</p>`}
<form method="post" action="/oauth/sign-up">${hidden({ return_to: returnTo })}
<label>Username <small>3 to 30 letters, digits and underscores</small><input name="username" autocomplete="username" autocapitalize="none" required minlength="3" maxlength="30" value="${username ?? ''}"${focus}></label>
<label>Password <small>8 characters or more</small><input name="password" type="password" autocomplete="new-password" required minlength="8" maxlength="200"></label>
<label>Account<select name="account_type"><option value="PINNER">For a person</option><option value="BUSINESS">For a business</option></select></label>
<div class="actions"><button>Sign up</button></div></form>
<p class="soft after">You have an account? <a href="${withReturn('/oauth/sign-in', returnTo)}">Sign in</a></p>`,
  )
}

export interface ConsentView {
  appName: string
  /** Whether nobody but the program itself says what it is called. */
  isSelfNamed: boolean
  username: string
  /** The path of the account's picture. */
  picture: string
  scopes: readonly Scope[]
  redirectUri: string
  /** The fields that the decision must return. */
  fields: Record<string, string | undefined>
  csrf: string
  /** The path to begin again as somebody else. */
  returnTo: string
}

/** Returns the page that asks whether an app may act for the account, and describes what it wants. */
export function consentPage({
  appName,
  isSelfNamed,
  username,
  picture,
  scopes,
  redirectUri,
  fields,
  csrf,
  returnTo,
}: ConsentView): string {
  return page(
    'Give access',
    html`<h1>${appName} asks for access</h1>
${isSelfNamed && html`<p class="note">This program registered itself, and nobody has checked its name. Approve only if you have just started it, and know where you are sent.</p>`}
<p class="who"><img src="${picture}" width="40" height="40" alt=""> <span>Signed in as <strong>${username}</strong>. If you approve, ${appName} may:</span></p>
<form method="post" action="/oauth/">${hidden({ ...fields, csrf })}
<ul>${permissions(scopes).map(({ words, mark }) => html`<li>${words}${mark && html` <b>${mark}</b>`}</li>`)}</ul>
<div class="actions stay"><button name="decision" value="deny" class="second">Deny</button>
<button name="decision" value="approve">Approve</button></div></form>
<p class="soft after">Either way you are then sent to <code>${redirectUri}</code></p>
<form class="aside" method="post" action="/oauth/sign-out">${hidden({ csrf, return_to: returnTo })}
<button class="link">Not ${username}? Sign out</button></form>`,
  )
}

interface Permission {
  words: string
  /** Marks a permission that deserves attention. */
  mark: 'secret' | 'billing' | undefined
}

/** Describes what scopes permit, with reading and writing of a thing in one line. */
function permissions(scopes: readonly Scope[]): Permission[] {
  const things = Map.groupBy(scopes, (scope) => scope.replace(/:(read|write)/, ''))
  return [...things].map(([thing, ofThing]) => ({
    words: together(ofThing.map((scope) => scopeWords[scope])),
    mark: thing.endsWith('_secret') ? 'secret' : thing === 'billing' ? 'billing' : undefined,
  }))
}

/** Joins "See your Pins" and "Create, change and delete your Pins" to "See, create, change and delete your Pins". */
function together([first = '', second]: readonly string[]): string {
  if (second === undefined) return first
  const then = second[0]?.toLowerCase() + second.slice(1)
  const [verb = '', ...object] = first.split(' ')
  const verbs = second.endsWith(object.join(' ')) ? then.slice(0, -object.join(' ').length).trim() : undefined
  if (verbs === undefined) return `${first}; ${then}`
  return `${verb}${verbs.includes(' ') ? ', ' : ' and '}${verbs} ${object.join(' ')}`
}

/** Returns the page after signing in without a page to go to. */
export function signedInPage(username: string, csrf: string): string {
  return page(
    'Signed in',
    html`<h1>Signed in</h1><p>You are signed in as <strong>${username}</strong>.</p>
<form method="post" action="/oauth/sign-out">${hidden({ csrf, return_to: '/oauth/sign-in' })}
<div class="actions"><button class="second">Sign out</button></div></form>
<p class="soft after"><a href="/">Go on to Pinfold</a></p>`,
  )
}
