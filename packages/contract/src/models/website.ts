import { Model, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

/** The ways to show that a website is one's own. */
export const verificationMethods = ['METATAG', 'FILENAME', 'DNSTXT'] as const
export type VerificationMethod = (typeof verificationMethods)[number]

const website = 'The host of the website, with or without a path, such as `example.com/shop`.'

export const Website = Model(
  'UserWebsiteSummary',
  'A website of an account.',
  {
    website: Type.Optional(Type.String({ description: website })),
    status: Type.Optional(
      Type.String({
        description:
          '`success` when it was verified just now, `already_verified_by_user` when it was before, and in lists `verified`.',
      }),
    ),
    verified_at: Type.Optional(Type.String({ description: 'When it was verified, UTC.' })),
  },
  { examples: [{ website: 'example.com/shop', status: 'verified', verified_at: '2026-03-14T09:26:53' }] },
)

export const WebsiteClaim = Model(
  'UserWebsiteVerifyRequest',
  'A website to claim.',
  {
    website: Type.String({ minLength: 1, maxLength: 2048, description: website }),
    verification_method: Type.Optional(
      StringEnum(verificationMethods, {
        default: 'METATAG',
        description: 'Where the code is: in the head of the page, in a file, or in a TXT record of the domain.',
      }),
    ),
  },
  { examples: [{ website: 'example.com/shop', verification_method: 'METATAG' }] },
)

const code = 'c0ffee00c0ffee00c0ffee00c0ffee00'
const text = (description: string) => Type.Optional(Type.String({ description }))

export const WebsiteCodes = Model(
  'UserWebsiteVerificationCode',
  'What to put on a website in order to claim it.',
  {
    verification_code: text('The code of the account.'),
    dns_txt_record: text('For `DNSTXT`: a TXT record of the domain.'),
    metatag: text('For `METATAG`: a tag in the head of the page.'),
    filename: text('For `FILENAME`: the name of the file, below the website.'),
    file_content: text('For `FILENAME`: what to write into it.'),
  },
  {
    examples: [
      {
        verification_code: code,
        dns_txt_record: `pinterest-site-verification=${code}`,
        metatag: `<meta name="p:domain_verify" content="${code}"/>`,
        filename: `pinterest-${code.slice(0, 5)}.html`,
        file_content: `<html><head><meta name="p:domain_verify" content="${code}"/></head></html>`,
      },
    ],
  },
)
