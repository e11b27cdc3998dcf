import { type InterestKey, interestKeys, interests } from '@pinfold/contract'

/** An interest that ads can be for. */
export interface Interest {
  /** 9, the two digits of the interest that can be followed, and seven for the part, which are 0 without one. */
  id: string
  /** What people call it; no two have the same name. */
  name: string
  /** 1: one that can be followed, such as home decor. 2: a part of one, such as lighting. */
  level: 1 | 2
  /** The one it is a part of. */
  parentId: string | undefined
  /** Its parts. */
  childIds: readonly string[]
}

/** What each interest has in it. An id comes from the place in its line: new ones go to the end. */
const parts: Record<InterestKey, string> = {
  animals:
    'Dogs, Cats, Birds, Horses, Fish and aquariums, Reptiles, Farm animals, Wildlife, Sea life, Insects, Pet care, ' +
    'Rescue and adoption',
  architecture:
    'Houses, Small houses, Facades, Staircases, Bridges, Old towns, Skyscrapers, Timber buildings, Courtyards, ' +
    'Public buildings, Plans and models, Restoration',
  art:
    'Painting, Drawing, Sculpture, Printmaking, Photography, Ceramics, Street art, Digital art, Collage, Watercolour, ' +
    'Art history, Museums and galleries',
  beauty:
    'Skin care, Make-up, Hairstyles, Hair colour, Nails, Perfume, Shaving, Sun care, Bath and shower, Tattoos, ' +
    'Natural beauty, Beauty tools',
  childrens_fashion:
    'Baby clothes, Girls’ clothes, Boys’ clothes, School clothes, Children’s shoes, Party clothes for children, ' +
    'Rainwear for children, Children’s hats, Knitwear for children, Costumes for children, Teenage fashion, ' +
    'Hand-me-downs',
  design:
    'Graphic design, Typography, Logos, Posters, Packaging, Product design, Patterns, Colour schemes, Interfaces, ' +
    'Illustration, Book design, Lettering',
  diy_and_crafts:
    'Sewing, Knitting, Crochet, Embroidery, Woodworking, Paper crafts, Candle making, Soap making, Jewellery making, ' +
    'Upcycling, Weaving, Home repairs',
  education:
    'Languages, Mathematics, Science for learners, Reading, Writing, Classrooms, Nursery school, Universities, ' +
    'Study skills, History lessons, Geography, Music lessons',
  electronics:
    'Phones, Computers, Cameras, Headphones, Televisions, Smart homes, Watches and trackers, Drones, Robots, ' +
    'Printers, Games consoles, Batteries and chargers',
  entertainment:
    'Films, Series, Pop music, Classical music, Concerts, Theatre, Comedy, Video games, Board games, Novels, ' +
    'Comics, Podcasts',
  event_planning:
    'Birthdays, Children’s parties, Garden parties, Anniversaries, Graduations, Baby showers, Holiday dinners, ' +
    'Table settings, Invitations, Party food, Balloons and garlands, Company events',
  finance:
    'Saving, Budgets, Investing, Pensions, Mortgages, Insurance, Taxes, Small businesses, Freelancing, Careers, ' +
    'Payments, Giving to charity',
  food_and_drinks:
    'Breakfast, Bread, Cakes and biscuits, Soups, Salads, Pasta, Vegetarian food, Barbecue, Desserts, Coffee and tea, ' +
    'Cocktails, Preserving',
  gardening:
    'Vegetables, Herbs, Flowers, Roses, Trees and shrubs, Lawns, Balconies, Greenhouses, House plants, Compost, ' +
    'Garden tools, Ponds',
  health:
    'Nutrition, Sleep, Running, Strength training, Yoga, Mental health, Pregnancy, Allergies, First aid, Healthy ageing, ' +
    'Meditation, Weight',
  home_decor:
    'Living rooms, Kitchens, Bedrooms, Bathrooms, Lighting, Rugs, Wallpaper, Furniture, Storage, Curtains, ' +
    'Vases and ornaments, Home offices',
  mens_fashion:
    'Suits, Men’s shirts, Men’s shoes, Men’s jackets, Men’s knitwear, Men’s jeans, Men’s watches, Ties, Beards, ' +
    'Sportswear for men, Workwear, Men’s bags',
  parenting:
    'Babies, Toddlers, Schoolchildren, Teenagers, Nurseries, Family meals, Bedtime stories, Toys, Days out, Twins, ' +
    'Grandparents, Names for babies',
  quotes:
    'Sayings, Poems, Love letters, Encouragement, Friendship, Humour, Proverbs, Thanks, Lines from books, ' +
    'Lines from songs, Farewells, New beginnings',
  sport:
    'Football, Basketball, Tennis, Cycling, Swimming, Climbing, Skiing, Surfing, Athletics, Golf, Martial arts, Sailing',
  travel:
    'Cities, Beaches, Mountains, Camping, Road trips, Trains, Hotels, Packing, Islands, Hiking trails, ' +
    'Travel with children, Food of other countries',
  vehicles:
    'Cars, Electric cars, Classic cars, Motorcycles, Bicycles, Campervans, Lorries, Boats, Aeroplanes, ' +
    'Car care, Garages, Scooters',
  wedding:
    'Wedding dresses, Wedding rings, Wedding flowers, Wedding cakes, Wedding venues, Wedding photographs, ' +
    'Wedding invitations, Bridesmaids, Wedding hairstyles, Wedding favours, Honeymoons, Engagements',
  womens_fashion:
    'Dresses, Skirts, Blouses, Women’s shoes, Coats, Women’s knitwear, Women’s jeans, Handbags, Jewellery, ' +
    'Swimwear, Sportswear for women, Scarves',
}

function familyOf(key: InterestKey, index: number): Interest[] {
  const idOf = (part: number) => `9${String(index + 1).padStart(2, '0')}${String(part).padStart(7, '0')}`
  const id = idOf(0)
  const children = parts[key].split(', ').map((name, place): Interest => {
    return { id: idOf(place + 1), name, level: 2, parentId: id, childIds: [] }
  })
  return [
    { id, name: interests[key], level: 1, parentId: undefined, childIds: children.map((child) => child.id) },
    ...children,
  ]
}

/** Every interest that ads can be for, by id: each of the first level, followed by its parts. */
export const targetedInterests: ReadonlyMap<string, Interest> = new Map(
  interestKeys.flatMap(familyOf).map((interest) => [interest.id, interest]),
)
