import { adsContradictions } from './ads-soundness.ts'
import { analyticsContradictions } from './analytics-soundness.ts'

/** The Pins that there are, and those in the trash: their media are kept too. */
const keptPins = `(SELECT id, picture_key, video_id, carousel FROM pins UNION ALL
  SELECT pin_id, pin ->> '$.picture_key', pin ->> '$.video_id', pin ->> '$.carousel' FROM trashed_pins)`

/** Every picture that a Pin shows, as often as it shows it; a video's cover; those of accounts. */
const shownPictures = `SELECT id, picture_key AS key FROM ${keptPins} WHERE carousel IS NULL
  UNION ALL SELECT id, avatar_key FROM accounts WHERE avatar_key IS NOT NULL
  UNION ALL SELECT kept.id, slot.value ->> 'key' FROM ${keptPins} AS kept, json_each(carousel) AS slot`

/** Queries that return no rows if the data is sound, each with a description of what they find. */
export const contradictions: Record<string, string> = {
  'boards whose count of Pins is wrong':
    'SELECT id, pin_count FROM boards WHERE pin_count <> (SELECT count(*) FROM pins WHERE board_id = boards.id)',
  'accounts whose count of Pins is wrong':
    'SELECT id, pin_count FROM accounts WHERE pin_count <> (SELECT count(*) FROM pins WHERE owner_id = accounts.id)',
  'Pins that are in the trash as well': 'SELECT id FROM pins WHERE id IN (SELECT pin_id FROM trashed_pins)',
  'accounts whose count of boards is wrong':
    'SELECT id, board_count FROM accounts WHERE board_count <> (SELECT count(*) FROM boards WHERE owner_id = accounts.id)',
  'accounts whose count of followers is wrong': `
    SELECT id, follower_count FROM accounts WHERE follower_count <>
    (SELECT count(*) FROM follows WHERE kind = 'user' AND target_id = accounts.id)`,
  'accounts whose count of those they follow is wrong': `
    SELECT id, following_count FROM accounts WHERE following_count <>
    (SELECT count(*) FROM follows WHERE kind = 'user' AND follower_id = accounts.id)`,
  'boards whose count of followers is wrong': `
    SELECT id, follower_count FROM boards WHERE follower_count <>
    (SELECT count(*) FROM follows WHERE kind = 'board' AND target_id = boards.id)`,
  'follows of boards that are not public, are gone, or are another account’s': `
    SELECT follows.id FROM follows LEFT JOIN boards ON boards.id = target_id WHERE kind = 'board' AND
    (coalesce(privacy, '') <> 'PUBLIC' OR owner_id <> account_id OR owner_id = follower_id)`,
  'accounts that follow themselves': "SELECT id FROM follows WHERE kind = 'user' AND target_id = follower_id",
  'pictures whose count of uses is wrong': `
    SELECT key, uses FROM pictures LEFT JOIN (SELECT key, count(*) AS shown FROM (${shownPictures}) GROUP BY key)
    USING (key) WHERE uses <> coalesce(shown, 0)`,
  'pictures that no Pin shows': 'SELECT key FROM pictures WHERE uses < 1',
  'Pins without a picture': `
    SELECT id FROM (${shownPictures}) WHERE key IS NULL OR key NOT IN (SELECT key FROM pictures)
    UNION SELECT id FROM pins WHERE picture_key NOT IN (SELECT key FROM pictures)`,
  'carousels whose cover is none of their pictures': `
    SELECT id FROM pins WHERE carousel IS NOT NULL AND
    picture_key NOT IN (SELECT slot.value ->> 'key' FROM json_each(carousel) AS slot)`,
  'Pins of another kind than what they show': `
    SELECT id, creative_type FROM pins WHERE creative_type <>
    CASE WHEN carousel IS NOT NULL THEN 'CAROUSEL' WHEN video_id IS NOT NULL THEN 'VIDEO' ELSE 'REGULAR' END`,
  'videos whose count of uses is wrong': `SELECT id, uses FROM media WHERE uses <> (SELECT count(*) FROM ${keptPins} WHERE video_id = media.id)`,
  'Pins of videos that are not ready': `
    SELECT id FROM pins WHERE video_id IS NOT NULL AND video_id NOT IN (SELECT id FROM media WHERE status = 'succeeded')`,
  'videos that are being processed': "SELECT id FROM media WHERE status = 'processing'",
  'videos with a file that are not ready, or without one that are': `
    SELECT id, status FROM media WHERE (key IS NOT NULL) <> (status = 'succeeded') OR (bytes > 0) <> (status = 'succeeded')`,
  'Pins as private as their board is not':
    'SELECT p.id FROM pins p JOIN boards b ON b.id = p.board_id WHERE p.privacy <> b.privacy',
  'Pins whose text names another owner of their board': `
    SELECT p.id FROM pins p JOIN boards b ON b.id = p.board_id JOIN accounts a ON a.id = b.owner_id
    WHERE '{' || replace(rendered, char(1), '') || '}' ->> '$.board_owner.username' <> username`,
  'accounts whose count of secret Pins is wrong': `
    SELECT id, secret_pin_count FROM accounts WHERE secret_pin_count <>
    (SELECT count(*) FROM pins WHERE owner_id = accounts.id AND privacy = 'SECRET')`,
  'boards whose count of collaborators is wrong': `
    SELECT id, collaborator_count FROM boards WHERE collaborator_count <>
    (SELECT count(*) FROM board_collaborators WHERE board_id = boards.id)`,
  'accounts whose count of boards that they joined is wrong': `
    SELECT id, joined_board_count FROM accounts WHERE joined_board_count <>
    (SELECT count(*) FROM board_collaborators WHERE account_id = accounts.id)`,
  'collaborators of boards of their own, that are gone, or under another name': `
    SELECT board_id, account_id FROM board_collaborators LEFT JOIN boards ON boards.id = board_id
    WHERE owner_id IS NULL OR owner_id = account_id OR name_key IS NOT board_name_key`,
  'Pins in a section of another board':
    'SELECT p.id FROM pins p JOIN sections s ON s.id = p.section_id WHERE s.board_id <> p.board_id',
  'Pins whose text is not what they are': `
    SELECT id FROM (SELECT *, '{' || replace(rendered, char(1), '') || '}' AS text FROM pins) WHERE NOT
    (text ->> 'id' = id AND text ->> 'board_id' = board_id AND text ->> 'board_section_id' IS section_id
     AND text ->> 'title' IS title AND text ->> 'creative_type' = creative_type AND instr(text, picture_key) > 0)`,
  'Pins whose text does not say what they do of AI': `
    SELECT id FROM (SELECT *, '{' || replace(rendered, char(1), '') || '}' AS text FROM pins) WHERE
    coalesce(text -> 'ai_disclosures' -> 'values', '') <> coalesce(ai_disclosures, '')`,
  'Pins with a link that are listed by no host, or without one by some':
    'SELECT id, link FROM pins WHERE (link IS NULL) <> (link_host IS NULL)',
  'product tags of Pins, or that name Pins, that are gone, secret or another account’s': `
    SELECT product_tags.id FROM product_tags LEFT JOIN pins p ON p.id = pin_id LEFT JOIN pins t ON t.id = tagged_id
    WHERE coalesce(p.has_product_tags, 0) <> 1 OR coalesce(t.privacy, 'SECRET') = 'SECRET' OR p.owner_id <> t.owner_id`,
  'Pins whose text lacks a picture or video of theirs': `
    SELECT id FROM (${shownPictures}) JOIN pins USING (id) WHERE instr(rendered, key) = 0 UNION
    SELECT pins.id FROM pins JOIN media ON media.id = video_id WHERE instr(rendered, '/media/videos/' || media.key) = 0`,
  'boards whose covers are not their newest pictures': `
    SELECT id FROM boards WHERE covers <> (SELECT json_group_array(picture_key) FROM
    (SELECT picture_key FROM pins WHERE board_id = boards.id ORDER BY id DESC LIMIT 6))`,
  'boards whose cover is not that of the Pin that was chosen': `
    SELECT id FROM boards WHERE cover_key IS NOT
    (SELECT picture_key FROM pins WHERE id = cover_pin_id AND board_id = boards.id)`,
  'removals that are not finished': 'SELECT * FROM removals',
  'boards and sections that are half removed':
    "SELECT id FROM boards WHERE privacy = 'REMOVED' OR name_key IS NULL UNION SELECT id FROM sections WHERE name_key IS NULL",
  'pictures to sweep': 'SELECT * FROM picture_sweeps',
  ...analyticsContradictions,
  ...adsContradictions,
  'broken references': 'PRAGMA foreign_key_check',
}
