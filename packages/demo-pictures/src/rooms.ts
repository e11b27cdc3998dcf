import { artwork, type Plan } from './artwork.ts'
import {
  archLiving,
  blueHour,
  breakfastTable,
  greenLiving,
  libraryCorner,
  pinkArches,
  shelfKitchen,
  windowSeat,
} from './motifs/rooms.ts'

const plans: readonly Plan[] = [
  {
    title: 'Rust sofa, painted arch',
    description: 'One tin of paint and the whole wall has a reason. Love the arc lamp leaning in.',
    altText: 'A rust-coloured sofa under a painted terracotta arch with an arc lamp, a large plant and a round rug',
    section: 'Living',
    format: 'portrait',
    seed: 7,
    paint: archLiving,
  },
  {
    title: 'Bottle green and walnut',
    description: 'Panelled wall, one warm lamp, records within reach. The print does the rest.',
    altText: 'A walnut sideboard with a lit lamp, a record player and a vase against a dark green panelled wall',
    section: 'Living',
    format: 'fourByFive',
    seed: 19,
    paint: greenLiving,
  },
  {
    title: 'Blue hour, eleventh floor',
    description: 'Leave the curtains open. Petrol sofa, two warm cushions, and the city does the lighting.',
    altText: 'A petrol blue sofa in front of a wide window with a lit city skyline at dusk',
    section: 'Living',
    format: 'wide',
    seed: 29,
    paint: blueHour,
  },
  {
    title: 'Open shelves, three brass lamps',
    description: 'Everything you use every day where you can see it. Tiles half-lapped, cabinets in ink blue.',
    altText: 'A kitchen with blue tiles, wooden shelves of cups and bowls, ink blue cabinets and three hanging lamps',
    section: 'Kitchen',
    format: 'portrait',
    seed: 22,
    paint: shelfKitchen,
  },
  {
    title: 'Breakfast for two',
    description: 'Butter yellow walls and a tomato red cloth. Bring tulips.',
    altText: 'A round table with a red cloth, cups and tulips between two chairs below a sunny window',
    section: 'Kitchen',
    format: 'square',
    seed: 16,
    paint: breakfastTable,
  },
  {
    title: 'The good chair',
    description: 'Books to the ceiling, a lamp at the right height and someone keeping the rug warm.',
    altText: 'A mustard armchair by a navy bookcase with a glowing floor lamp and a white cat asleep on the rug',
    section: 'Reading corners',
    format: 'portrait',
    seed: 27,
    paint: libraryCorner,
  },
  {
    title: 'Window seat in October',
    description: 'Drawers below, shelves either side, a tree to look at between chapters.',
    altText:
      'A cushioned window seat with bookshelves on both sides and an orange autumn tree outside an arched window',
    section: 'Reading corners',
    format: 'threeByFour',
    seed: 33,
    paint: windowSeat,
  },
  {
    title: 'Pink stair, arch after arch',
    description: 'For the hallway: what happens if every wall is a slightly different pink.',
    altText: 'Nested pink arches over a staircase that leads up to a small view of blue sky',
    format: 'tall',
    seed: 18,
    paint: pinkArches,
  },
]

export const rooms = plans.map((plan) => artwork('rooms', plan))
