import type { PlainCount, ReportColumn } from './column.ts'
import { perMicro, plain, ratio, sided, sidedColumns, sum } from './make-column.ts'

const thousand = 1000
const spend = plain('spend')

const impressions = sided('impressions')
const paidImpressions = sided('impressions', 'paid')
const clicks = sided('clickthroughs')
const paidClicks = sided('clickthroughs', 'paid')

const text = (displayName: string, definition: string) => ({ displayName, definition })

/** The columns of what was spent. */
const money = () => [
  sum('SPEND_IN_MICRO_DOLLAR', spend, text('Spend (micro)', 'What was spent, in millionths of the currency.')),
  sum('SPEND_IN_DOLLAR', spend, text('Spend', 'What was spent, in the currency of the ad account.'), perMicro),
  sum(
    'ADS_CREDIT_SPEND_IN_MICRO_DOLLAR',
    plain('ads_credit_spend'),
    text('Credit spend (micro)', 'The part of the spend that was paid with credit, in millionths of the currency.'),
  ),
  sum(
    'ADS_CREDIT_SPEND_IN_DOLLAR',
    plain('ads_credit_spend'),
    text('Credit spend', 'The part of the spend that was paid with credit.'),
    perMicro,
  ),
]

/** The columns of how often ads were shown, and what was done with them. */
const counts = () =>
  [
    ...sidedColumns('IMPRESSION', 'impressions', text('Impressions', 'How often the Pin was on a screen')),
    ...sidedColumns('CLICKTHROUGH', 'clickthroughs', text('Pin clicks', 'Clicks on the Pin')),
    ...sidedColumns('ENGAGEMENT', 'engagements', text('Engagements', 'Clicks, saves and whatever else was done')),
    ...sidedColumns(
      'WEB_SESSIONS',
      'web_sessions',
      text('Web sessions', 'Visits of the website that followed a click'),
    ),
    ...sidedColumns('REPIN', 'saves', text('Saves', 'How often the Pin was saved to a board')),
    ...sidedColumns('OUTBOUND_CLICK', 'outbound_clicks', text('Outbound clicks', 'Clicks that led to the website')),
    sum('PAID_IMPRESSION', paidImpressions, text('Paid impressions', 'How often the Pin was shown as an ad.')),
    sum('IMPRESSION_1_GROSS', paidImpressions, text('Gross impressions', 'Paid ones with those that are not billed.')),
    sum('CLICKTHROUGH_1_GROSS', paidClicks, text('Gross Pin clicks', 'Paid ones with those that are not billed.')),
    sum('TOTAL_IMPRESSION_USER', plain('people'), text('Reach', 'How many people saw the Pin at least once.')),
    sum('TOTAL_DESTINATION_VIEWS', plain('destination_views'), text('Destination views', 'Pages seen after a click.')),
    sum(
      'ONSITE_CHECKOUTS_1',
      plain('onsite_checkouts'),
      text('On-site checkouts', 'Checkouts without leaving Pinterest.'),
    ),
  ].filter(({ name }) => name !== 'TOTAL_REPIN' && name !== 'TOTAL_OUTBOUND_CLICK')

const per = (tally: typeof spend, divisor: typeof spend, times = 1) => ({ tally, per: divisor, times })

/** The columns of how often something was done, of the times that an ad was shown. */
const rates = () => [
  ratio('CTR', per(paidClicks, paidImpressions), text('CTR', 'Paid Pin clicks per paid impression.')),
  ratio('ECTR', per(clicks, impressions), text('eCTR', 'Pin clicks per impression, paid and earned.')),
  ratio(
    'CTR_2',
    per(sided('clickthroughs', 'earned'), sided('impressions', 'earned')),
    text('CTR (earned)', 'Earned Pin clicks per earned impression.'),
  ),
  ratio(
    'OUTBOUND_CTR',
    per(sided('outbound_clicks'), impressions),
    text('Outbound CTR', 'Outbound clicks per impression.'),
  ),
  ratio(
    'OUTBOUND_CTR_1',
    per(sided('outbound_clicks', 'paid'), paidImpressions),
    text('Outbound CTR (paid)', 'Paid outbound clicks per paid impression.'),
  ),
  ratio(
    'ENGAGEMENT_RATE',
    per(sided('engagements', 'paid'), paidImpressions),
    text('Engagement rate', 'Paid engagements per paid impression.'),
  ),
  ratio(
    'EENGAGEMENT_RATE',
    per(sided('engagements'), impressions),
    text('Effective engagement rate', 'Engagements per impression, paid and earned.'),
  ),
  ratio(
    'REPIN_RATE',
    per(sided('saves', 'paid'), paidImpressions),
    text('Save rate', 'Paid saves per paid impression.'),
  ),
  ratio(
    'TOTAL_REPIN_RATE',
    per(sided('saves'), impressions),
    text('Save rate (paid and earned)', 'Saves per impression, paid and earned.'),
  ),
  ratio(
    'TOTAL_IMPRESSION_FREQUENCY',
    per(impressions, plain('people')),
    text('Frequency', 'Impressions per person reached.'),
  ),
]

/** The columns of what something cost. */
const costs = () => [
  ratio('CPC_IN_MICRO_DOLLAR', per(spend, paidClicks), text('CPC', 'Spend per paid Pin click, in millionths.')),
  ratio('ECPC_IN_MICRO_DOLLAR', per(spend, clicks), text('eCPC (micro)', 'Spend per Pin click, in millionths.')),
  ratio('ECPC_IN_DOLLAR', per(spend, clicks, perMicro), text('eCPC', 'Spend per Pin click, paid and earned.')),
  ratio(
    'CPM_IN_MICRO_DOLLAR',
    per(spend, paidImpressions, thousand),
    text('CPM (micro)', 'Spend per thousand paid impressions, in millionths.'),
  ),
  ratio(
    'CPM_IN_DOLLAR',
    per(spend, paidImpressions, thousand * perMicro),
    text('CPM', 'Spend per thousand paid impressions.'),
  ),
  ratio(
    'ECPM_IN_MICRO_DOLLAR',
    per(spend, impressions, thousand),
    text('eCPM (micro)', 'Spend per thousand impressions, paid and earned, in millionths.'),
  ),
  ratio(
    'ECPE_IN_DOLLAR',
    per(spend, sided('engagements'), perMicro),
    text('eCPE', 'Spend per engagement, paid and earned.'),
  ),
  ratio(
    'COST_PER_OUTBOUND_CLICK',
    per(spend, sided('outbound_clicks')),
    text('CPOC (micro)', 'Spend per outbound click, in millionths.'),
  ),
  ratio(
    'COST_PER_OUTBOUND_CLICK_IN_DOLLAR',
    per(spend, sided('outbound_clicks'), perMicro),
    text('CPOC', 'Spend per outbound click, paid and earned.'),
  ),
  ratio(
    'COST_PER_OUTBOUND_CLICK_IN_DOLLAR_1',
    per(spend, sided('outbound_clicks', 'paid'), perMicro),
    text('CPOC (paid)', 'Spend per paid outbound click.'),
  ),
]

/** The columns of ads with more than one page, with a form or with questions. */
const formats = () => [
  ...sidedColumns('IDEA_PIN_PAGE_FORWARD', 'page_forwards', text('Pages forward', 'Steps to the next page')),
  ...sidedColumns('IDEA_PIN_PAGE_BACKWARD', 'page_backwards', text('Pages backward', 'Steps to the page before')),
  ...sidedColumns(
    'IDEA_PIN_PRODUCT_TAG_VISIT',
    'product_tag_visits',
    text('Product tag visits', 'Visits of products that are tagged in the Pin'),
  ),
  sum('LEADS', plain('leads'), text('Lead forms', 'Forms of lead ads that were sent.')),
  ratio('COST_PER_LEAD', per(spend, plain('leads'), perMicro), text('Cost per lead', 'Spend per form that was sent.')),
  sum('QUIZ_COMPLETED', plain('quiz_completions'), text('Quizzes completed', 'Quizzes answered to the end.')),
  sum('QUIZ_PIN_RESULT_OPEN', plain('quiz_results_opened'), text('Quiz results opened', 'Results of quizzes opened.')),
  ratio(
    'QUIZ_COMPLETION_RATE',
    per(plain('quiz_completions'), plain('quiz_starts')),
    text('Quiz completion rate', 'Quizzes answered to the end, of those begun.'),
  ),
]

/** The columns of showcase ads: what is counted, what people call it and what it means. */
const showcase: [name: string, count: PlainCount, displayName: string, definition: string][] = [
  ['PIN_CLICKTHROUGH', 'showcase_pin_clickthroughs', 'title card clicks', 'Clicks on the first card.'],
  ['SUBPAGE_CLICKTHROUGH', 'showcase_subpage_clickthroughs', 'card clicks', 'Clicks on the cards behind the first.'],
  ['SUBPIN_CLICKTHROUGH', 'showcase_subpin_clickthroughs', 'feature clicks', 'Clicks on what a card features.'],
  ['SUBPAGE_IMPRESSION', 'showcase_subpage_impressions', 'card impressions', 'How often a card was on a screen.'],
  ['SUBPIN_IMPRESSION', 'showcase_subpin_impressions', 'feature impressions', 'How often a feature was on a screen.'],
  ['SUBPAGE_SWIPE_LEFT', 'showcase_subpage_swipes_left', 'card swipes left', 'Swipes of cards to the left.'],
  ['SUBPAGE_SWIPE_RIGHT', 'showcase_subpage_swipes_right', 'card swipes right', 'Swipes of cards to the right.'],
  ['SUBPIN_SWIPE_LEFT', 'showcase_subpin_swipes_left', 'feature swipes left', 'Swipes of features to the left.'],
  ['SUBPIN_SWIPE_RIGHT', 'showcase_subpin_swipes_right', 'feature swipes right', 'Swipes of features to the right.'],
  ['SUBPAGE_REPIN', 'showcase_subpage_saves', 'card saves', 'How often a card was saved.'],
  ['SUBPIN_REPIN', 'showcase_subpin_saves', 'feature saves', 'How often a feature was saved.'],
  ['SUBPAGE_CLOSEUP', 'showcase_subpage_closeups', 'card close-ups', 'How often a card was looked at closely.'],
  ['CARD_THUMBNAIL_SWIPE_FORWARD', 'showcase_card_swipes_forward', 'thumbnails forward', 'Swipes to later thumbnails.'],
  [
    'CARD_THUMBNAIL_SWIPE_BACKWARD',
    'showcase_card_swipes_backward',
    'thumbnails back',
    'Swipes to earlier thumbnails.',
  ],
]

/** The columns of what was spent, how often ads were shown, what was done with them, and what that cost. */
export const deliveryColumns = (): readonly ReportColumn[] => [
  ...money(),
  ...counts(),
  ...rates(),
  ...costs(),
  ...formats(),
  ...showcase.map(([name, count, displayName, definition]) =>
    sum(`SHOWCASE_${name}`, plain(count), text(`Showcase ${displayName}`, definition)),
  ),
  ratio(
    'SHOWCASE_AVERAGE_SUBPAGE_CLOSEUP_PER_SESSION',
    per(plain('showcase_subpage_closeups'), plain('showcase_sessions')),
    text('Showcase close-ups per session', 'Cards looked at closely, each time that the ad was opened.'),
  ),
]
