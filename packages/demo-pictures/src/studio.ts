import { artwork, type Plan } from './artwork.ts'
import { balconies, canalHouses, whiteVillage } from './motifs/facades.ts'
import { ferns, poppies, ridgeLines } from './motifs/line-art.ts'
import { bauhausGrid, cutOuts, gradientSun, mobile, overprint, terrazzo } from './motifs/posters.ts'

const plans: readonly Plan[] = [
  {
    title: 'Mobile, after 1956',
    description: 'Rods, discs, half moons. Try this as a two-colour risograph with one overlap.',
    altText: 'An abstract mid-century mobile of discs and half circles on curved rods above waves of colour',
    format: 'portrait',
    seed: 1,
    paint: mobile,
  },
  {
    title: 'Quarter circle quilt',
    description: 'Five by five, six colours, six shapes. Could be a tile, could be a blanket.',
    altText: 'A grid of quarter circles, discs and triangles in orange, navy, teal and cream',
    format: 'square',
    seed: 36,
    paint: bauhausGrid,
  },
  {
    title: 'Slatted sun',
    description: 'Gradient fades to the paper colour so the slits look cut, not printed.',
    altText: 'A coral and yellow gradient sun with horizontal slits above rainbow arches',
    format: 'portrait',
    seed: 1,
    paint: gradientSun,
  },
  {
    title: 'Poppies in one line',
    description: 'Colour first, loose, then the pen. Must not line up.',
    altText: 'Ink line drawing of poppies over loose patches of coral, yellow and sage',
    format: 'threeByFour',
    seed: 40,
    paint: poppies,
  },
  {
    title: 'Fern study, night version',
    description: 'Pale line on deep green with one flat circle behind it. Screen print candidate.',
    altText: 'Pale outlines of fern fronds on dark green in front of an amber disc',
    format: 'portrait',
    seed: 20,
    paint: ferns,
  },
  {
    title: 'Signal hills',
    description: 'Forty-six lines, one gradient. Good cover idea for the field recordings.',
    altText: 'Stacked contour lines forming hills, running from orange to blue on a dark background',
    format: 'fourByFive',
    seed: 44,
    paint: ridgeLines,
  },
  {
    title: 'Loose terrazzo',
    description: 'Big chips first, small ones in the gaps. Repeat it for the packaging lining.',
    altText: 'Terrazzo pattern of pink, sage, ochre and slate chips on a pale ground',
    format: 'square',
    seed: 50,
    paint: terrazzo,
  },
  {
    title: 'Scissors and gouache',
    description: 'Painted paper, no pencil. The gaps between the shapes are the drawing.',
    altText: 'Paper cut-out seaweed shapes on a grid of blue, yellow, red, green and cream squares',
    format: 'threeByFour',
    seed: 52,
    paint: cutOuts,
  },
  {
    title: 'Overprint leaves',
    description: 'Five inks and the colours they make where they meet. Keep the registration rough.',
    altText: 'Five large overlapping leaves in translucent red, teal, yellow, navy and pink with a yellow sun',
    format: 'portrait',
    seed: 55,
    paint: overprint,
  },
  {
    title: 'Balconies at noon',
    description: 'Façade rhythm: same box twenty-four times, and everyone lives in it differently.',
    altText: 'A coral façade with rows of white balconies, coloured blinds and a few plants in hard sunlight',
    format: 'fourByFive',
    seed: 61,
    paint: balconies,
  },
  {
    title: 'White walls, blue doors',
    description: 'Two colours and a bougainvillea. The shadow side is never grey.',
    altText: 'White cubic houses with blue shutters, a domed roof, stairs and pink blossom under a deep blue sky',
    format: 'portrait',
    seed: 64,
    paint: whiteVillage,
  },
  {
    title: 'Nine houses on the canal',
    description: 'Palette exercise: warm, cool, warm, cool, and the water mixes them.',
    altText: 'A row of colourful gabled houses reflected in a canal with a small red boat',
    format: 'wide',
    seed: 70,
    paint: canalHouses,
  },
]

export const studio = plans.map((plan) => artwork('studio', plan))
