import { artwork, type Plan } from './artwork.ts'
import {
  blackStoneware,
  eucalyptus,
  jugAndLemons,
  potteryShelf,
  stackedBowls,
  threeVessels,
} from './motifs/still-lifes.ts'
import { azulejos, zellige } from './motifs/tiles.ts'

const plans: readonly Plan[] = [
  {
    title: 'Three vessels, four o’clock',
    description: 'Window light on matte clay. The dipped one in front is what I want to throw next.',
    altText: 'A cream bottle with green sprigs, a round terracotta jar and a small grey cup in slanting sunlight',
    format: 'portrait',
    seed: 4,
    paint: threeVessels,
  },
  {
    title: 'Eucalyptus in white stoneware',
    description: 'Tall, quiet, three turned rings. Silver dollar eucalyptus lasts for weeks and dries well.',
    altText: 'A white amphora-shaped vase with round-leaved eucalyptus stems against a sage wall',
    format: 'tall',
    seed: 6,
    paint: eucalyptus,
  },
  {
    title: 'Blue glaze test stack',
    description: 'Cobalt, milk white, two mixes in between. The pale one on top broke nicely over the rim.',
    altText: 'Five glazed bowls in blues and whites stacked beside a dark blue cup',
    format: 'square',
    seed: 2,
    paint: stackedBowls,
  },
  {
    title: 'Jug, lemons, two pears',
    description: 'Ochre against deep teal. A good one to paint from.',
    altText: 'A white jug with blue bands beside pears and lemons on an ochre table before a teal wall',
    format: 'fourByFive',
    seed: 10,
    paint: jugAndLemons,
  },
  {
    title: 'Black clay and dried grass',
    description: 'Pampas, a gourd vase, a lot of plum. Autumn table, sorted.',
    altText: 'A dark gourd-shaped vase holding feathery dried grass beside a low black jar against a plum wall',
    format: 'threeByFour',
    seed: 12,
    paint: blackStoneware,
  },
  {
    title: 'Straight out of the kiln',
    description: 'Three shelves from one firing. Nothing matches, everything goes together.',
    altText: 'Three wooden shelves lined with small glazed pots, bottles and bowls',
    format: 'portrait',
    seed: 31,
    paint: potteryShelf,
  },
  {
    title: 'Azulejos from the stairwell',
    description: 'Sixteen tiles, one motif. The quarter flowers only make sense once four of them meet.',
    altText: 'Blue and white patterned tiles with eight-petalled flowers and ochre accents',
    format: 'square',
    seed: 1,
    paint: azulejos,
  },
  {
    title: 'Bottle green zellige',
    description: 'Every tile cut by hand, so the wall moves when you walk past. For behind the sink?',
    altText: 'A wall of square hand-made tiles in many shades of glossy green',
    format: 'threeByFour',
    seed: 15,
    paint: zellige,
  },
]

export const ceramics = plans.map((plan) => artwork('ceramics', plan))
