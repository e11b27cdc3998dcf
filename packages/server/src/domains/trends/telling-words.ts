/** Words that say nothing of what a Pin shows, in the languages that most Pins are written in. */
const stopWords = new Set(
  [
    'a about after all also an and any are as at be been before but by can do each for from had has have her his how i if',
    'in into is it its just like make more most my new no not of off on one only or our out over she so some than that the',
    'their them then there these they this those to too two under up very was we were what when where which while who why',
    'will with without you your',
    'am auf aus bei das dem den der des die ein eine einem einen einer es fur hat ich im ist mit nach nicht noch nur oder',
    'sich sie sind um und uns unter vom von vor war wie wir zu zum zur',
    'au aux avec ce ces cette dans de des du elle en est et il je la le les leur mais ne nous ou par pas plus pour que qui',
    'sa ses son sont sur un une vous',
    'al como con cual del el ella esta este lo los las mas mi muy no para pero por se sin sobre su sus tu una uno y ya',
    'alla che ci da dal dei della di gli ha ho il mi nel non per piu si sono sul tra',
    'com da das do dos e em mais na nas nos o os um uma het een van voor met op te zijn',
    'https http www com html',
  ].flatMap((line) => line.split(' ')),
)

/** Whether a word, as search compares it, says something of what a Pin shows. */
export const isTelling = (word: string): boolean =>
  !stopWords.has(word) && !/^\p{N}+$/u.test(word) && !/^[\p{sc=Latin}\p{N}]{1,2}$/u.test(word)
