/** What the form of a lead ad can ask: CUSTOM is a question of the advertiser's own. */
export const leadFormQuestions = [
  'CUSTOM',
  'FULL_NAME',
  'FIRST_NAME',
  'LAST_NAME',
  'EMAIL',
  'PHONE_NUMBER',
  'ZIP_CODE',
  'GENDER',
  'CITY',
  'COUNTRY',
  'STATE_PROVINCE',
  'ADDRESS',
  'DATE_OF_BIRTH',
  'AGE',
] as const
/** What the form of a lead ad can ask. */
export type LeadFormQuestion = (typeof leadFormQuestions)[number]
