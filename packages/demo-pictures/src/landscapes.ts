import { artwork, type Plan } from './artwork.ts'
import { alpineLake, mountains, starryNight } from './motifs/mountains.ts'
import { birches, dunes, foggyForest, hills } from './motifs/plains.ts'
import { coast, seaSunset } from './motifs/shores.ts'

const plans: readonly Plan[] = [
  {
    title: 'Dusk over the blue ridges',
    description:
      'Seven ridgelines, one evening. I keep coming back to how the colour drains out of the far ones first.',
    altText: 'Layered mountain ridges in violet and plum under a peach sky with a low pale sun',
    format: 'portrait',
    seed: 11,
    paint: mountains({
      sky: ['#4b3f7d', '#a0628f', '#ec9a86', '#fbd3a4'],
      far: '#d98f95',
      near: '#1d1638',
      haze: '#f6b79a',
      sun: { x: 0.64, y: 0.33, radius: 0.07, colour: '#fff0cf' },
    }),
  },
  {
    title: 'Morning mist, first light',
    description: 'Cool greens and greys for the hallway. Would print this large, with a wide white margin.',
    altText: 'Misty mountain layers in teal and grey-green beneath a pale morning sky',
    format: 'fourByFive',
    seed: 24,
    paint: mountains({
      sky: ['#a9cdd0', '#d3e4dc', '#f6efd9'],
      far: '#a7c6c4',
      near: '#0f3237',
      haze: '#eef1e4',
      sun: { x: 0.3, y: 0.26, radius: 0.055, colour: '#fffbe8' },
    }),
  },
  {
    title: 'Mirror lake',
    description: 'No wind at all, so the peaks came twice. Warm light on the left faces only.',
    altText: 'Snowy peaks and dark firs reflected in a still blue lake at sunrise',
    format: 'portrait',
    seed: 5,
    paint: alpineLake,
  },
  {
    title: 'Dunes before the heat',
    description: 'Light side, dark side, nothing else. A whole palette of terracotta in one view.',
    altText: 'Curving sand dunes in orange and rust with sharp shadows under a pale sun',
    format: 'portrait',
    seed: 8,
    paint: dunes,
  },
  {
    title: 'Camp under the fir line',
    description: 'The colours of the last half hour before it is properly night. Phone wallpaper material.',
    altText: 'Full moon and stars in an indigo sky fading to pink above dark fir trees',
    format: 'tall',
    seed: 3,
    paint: starryNight,
  },
  {
    title: 'Last swim',
    description: 'Half a sun, a striped sea. Flat shapes do more here than any photograph I took.',
    altText: 'A large orange sun half sunk into a striped purple sea',
    format: 'square',
    seed: 17,
    paint: seaSunset,
  },
  {
    title: 'Late summer in the hills',
    description: 'Stubble fields, vines and cypresses. Saving this for the mustard and olive combination.',
    altText: 'Rolling yellow and green fields in rows with cypress trees and a small farmhouse',
    format: 'wide',
    seed: 42,
    paint: hills,
  },
  {
    title: 'Fog in the firs',
    description: 'Quiet greens, deepening layer by layer. Reference for the bedroom wall.',
    altText: 'A fir forest fading into pale fog with a few birds above',
    format: 'portrait',
    seed: 9,
    paint: foggyForest,
  },
  {
    title: 'Birches, third week of October',
    description: 'White trunks against all that gold. The marks on the bark are half the charm.',
    altText: 'White birch trunks with dark marks among golden autumn leaves',
    format: 'threeByFour',
    seed: 13,
    paint: birches,
  },
  {
    title: 'Beach from above',
    description: 'Every blue between the deep water and the sand, and a crowd of parasols.',
    altText: 'Aerial view of turquoise surf meeting a sandy beach dotted with striped parasols',
    format: 'fourByFive',
    seed: 21,
    paint: coast,
  },
]

export const landscapes = plans.map((plan) => artwork('landscapes', plan))
