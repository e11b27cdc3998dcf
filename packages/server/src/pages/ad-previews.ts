import type { FastifyInstance } from 'fastify'
import type { Accounts } from '../domains/accounts/accounts.ts'
import { type AdPreviews, adPreviewPath, type ShownPreview } from '../domains/ads/ad-previews.ts'
import { html, page, pageHeaders } from './html.ts'
import { problemPage } from './problem-page.ts'

export interface AdPreviewPageOptions {
  adPreviews: Pick<AdPreviews, 'read'>
  accounts: Pick<Accounts, 'byId'>
  /** Returns the beginning of the addresses of pictures, without a slash at the end. */
  mediaUrl: () => string
}

/** Serves pages that show Pins and pictures as ads, to whoever has the address of one. */
export function serveAdPreviews(
  server: FastifyInstance,
  { adPreviews, accounts, mediaUrl }: AdPreviewPageOptions,
): void {
  server.get<{ Querystring: { of?: unknown } }>(adPreviewPath, async (request, reply) => {
    const { of } = request.query
    const preview = typeof of === 'string' ? await adPreviews.read(of) : undefined
    if (!preview)
      return reply
        .code(404)
        .headers({ ...pageHeaders, 'x-robots-tag': 'noindex' })
        .send(
          problemPage({
            side: 'visitor',
            title: 'There is no such preview',
            explanation: 'Previews of ads can be looked at for 7 days. What it showed may be gone, too.',
          }),
        )
    const picture = 'path' in preview.picture ? mediaUrl() + preview.picture.path : preview.picture.url
    const { username, business_name: name } = await accounts.byId(preview.ownerId)
    return reply.headers(headersFor(picture)).send(adPage(preview, picture, name ?? username))
  })
}

/** Returns the headers of a page with one picture, which other pages may frame. */
function headersFor(picture: string): Record<string, string> {
  const policy = pageHeaders['content-security-policy']
    .replace("img-src 'self'", `img-src 'self' ${new URL(picture).origin}`)
    .replace("frame-ancestors 'none'", 'frame-ancestors *')
  return {
    ...pageHeaders,
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex',
  }
}

function adPage(preview: ShownPreview, picture: string, advertiser: string): string {
  const { title, description, promotion } = preview
  const link = preview.link !== null && /^https?:\/\//i.test(preview.link) ? preview.link : undefined
  return page(
    title ?? 'Preview of an ad',
    html`<div class="ad"><img src="${picture}" alt="">
${title !== null && html`<h1>${title}</h1>`}${description !== null && html`<p>${description}</p>`}
${promotion !== null && html`<p class="note">${promotion}</p>`}
<p class="soft">Promoted by ${advertiser}</p>
${link && html`<p><a href="${link}" rel="noopener nofollow" target="_blank">${inWords(preview.callToAction)}</a></p>`}</div>
<p class="soft">A preview: nobody else is shown this ad.</p>`,
  )
}

/** Returns what a button says, as people read it: `SHOP_NOW` as “Shop now”. */
function inWords(callToAction: string | null): string {
  const words = (callToAction ?? 'VISIT_SITE').toLowerCase().replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
