import type { TargetingCountry } from '@pinfold/contract'

/** The parts of countries, as ISO 3166-2 has them: after the country's two letters, and by name. */
export const regions: Partial<Record<TargetingCountry, string>> = {
  US:
    'AK Alaska, AL Alabama, AR Arkansas, AZ Arizona, CA California, CO Colorado, CT Connecticut, DC District of Columbia, ' +
    'DE Delaware, FL Florida, GA Georgia, HI Hawaii, IA Iowa, ID Idaho, IL Illinois, IN Indiana, KS Kansas, KY Kentucky, ' +
    'LA Louisiana, MA Massachusetts, MD Maryland, ME Maine, MI Michigan, MN Minnesota, MO Missouri, MS Mississippi, ' +
    'MT Montana, NC North Carolina, ND North Dakota, NE Nebraska, NH New Hampshire, NJ New Jersey, NM New Mexico, ' +
    'NV Nevada, NY New York, OH Ohio, OK Oklahoma, OR Oregon, PA Pennsylvania, RI Rhode Island, SC South Carolina, ' +
    'SD South Dakota, TN Tennessee, TX Texas, UT Utah, VA Virginia, VT Vermont, WA Washington, WI Wisconsin, ' +
    'WV West Virginia, WY Wyoming',
  GB: 'ENG England, NIR Northern Ireland, SCT Scotland, WLS Wales',
  CA:
    'AB Alberta, BC British Columbia, MB Manitoba, NB New Brunswick, NL Newfoundland and Labrador, NS Nova Scotia, ' +
    'NT Northwest Territories, NU Nunavut, ON Ontario, PE Prince Edward Island, QC Quebec, SK Saskatchewan, YT Yukon',
  IE: 'C Connacht, L Leinster, M Munster, U Ulster',
  AU:
    'ACT Australian Capital Territory, NSW New South Wales, NT Northern Territory, QLD Queensland, SA South Australia, ' +
    'TAS Tasmania, VIC Victoria, WA Western Australia',
  NZ:
    'AUK Auckland, BOP Bay of Plenty, CAN Canterbury, GIS Gisborne, HKB Hawke’s Bay, MBH Marlborough, ' +
    'MWT Manawatū-Whanganui, NSN Nelson, NTL Northland, OTA Otago, STL Southland, TAS Tasman, TKI Taranaki, ' +
    'WGN Wellington, WKO Waikato, WTC West Coast',
  FR:
    '20R Corsica, ARA Auvergne-Rhône-Alpes, BFC Bourgogne-Franche-Comté, BRE Brittany, CVL Centre-Val de Loire, ' +
    'GES Grand Est, HDF Hauts-de-France, IDF Île-de-France, NAQ Nouvelle-Aquitaine, NOR Normandy, OCC Occitanie, ' +
    'PAC Provence-Alpes-Côte d’Azur, PDL Pays de la Loire',
  SE:
    'AB Stockholm, AC Västerbotten, BD Norrbotten, C Uppsala, D Södermanland, E Östergötland, F Jönköping, G Kronoberg, ' +
    'H Kalmar, I Gotland, K Blekinge, M Skåne, N Halland, O Västra Götaland, S Värmland, T Örebro, U Västmanland, ' +
    'W Dalarna, X Gävleborg, Y Västernorrland, Z Jämtland',
  DE:
    'BB Brandenburg, BE Berlin, BW Baden-Württemberg, BY Bavaria, HB Bremen, HE Hesse, HH Hamburg, ' +
    'MV Mecklenburg-Western Pomerania, NI Lower Saxony, NW North Rhine-Westphalia, RP Rhineland-Palatinate, ' +
    'SH Schleswig-Holstein, SL Saarland, SN Saxony, ST Saxony-Anhalt, TH Thuringia',
  AT:
    '1 Burgenland, 2 Carinthia, 3 Lower Austria, 4 Upper Austria, 5 Salzburg, 6 Styria, 7 Tyrol, 8 Vorarlberg, ' +
    '9 Vienna',
  IT:
    '21 Piedmont, 23 Aosta Valley, 25 Lombardy, 32 Trentino-South Tyrol, 34 Veneto, 36 Friuli-Venezia Giulia, ' +
    '42 Liguria, 45 Emilia-Romagna, 52 Tuscany, 55 Umbria, 57 Marche, 62 Lazio, 65 Abruzzo, 67 Molise, 72 Campania, ' +
    '75 Apulia, 77 Basilicata, 78 Calabria, 82 Sicily, 88 Sardinia',
  ES:
    'AN Andalusia, AR Aragon, AS Asturias, CB Cantabria, CL Castile and León, CM Castilla-La Mancha, CN Canary Islands, ' +
    'CT Catalonia, EX Extremadura, GA Galicia, IB Balearic Islands, MC Murcia, MD Madrid, NC Navarre, ' +
    'PV Basque Country, RI La Rioja, VC Valencia',
  NL:
    'DR Drenthe, FL Flevoland, FR Friesland, GE Gelderland, GR Groningen, LI Limburg, NB North Brabant, ' +
    'NH North Holland, OV Overijssel, UT Utrecht, ZE Zeeland, ZH South Holland',
  BE:
    'BRU Brussels, VAN Antwerp, VBR Flemish Brabant, VLI Limburg, VOV East Flanders, VWV West Flanders, ' +
    'WBR Walloon Brabant, WHT Hainaut, WLG Liège, WLX Luxembourg, WNA Namur',
  CH:
    'AG Aargau, AI Appenzell Innerrhoden, AR Appenzell Ausserrhoden, BE Bern, BL Basel-Landschaft, BS Basel-Stadt, ' +
    'FR Fribourg, GE Geneva, GL Glarus, GR Graubünden, JU Jura, LU Lucerne, NE Neuchâtel, NW Nidwalden, OW Obwalden, ' +
    'SG St. Gallen, SH Schaffhausen, SO Solothurn, SZ Schwyz, TG Thurgau, TI Ticino, UR Uri, VD Vaud, VS Valais, ZG Zug, ' +
    'ZH Zürich',
  JP:
    '01 Hokkaido, 02 Aomori, 03 Iwate, 04 Miyagi, 05 Akita, 06 Yamagata, 07 Fukushima, 08 Ibaraki, 09 Tochigi, 10 Gunma, ' +
    '11 Saitama, 12 Chiba, 13 Tokyo, 14 Kanagawa, 15 Niigata, 16 Toyama, 17 Ishikawa, 18 Fukui, 19 Yamanashi, 20 Nagano, ' +
    '21 Gifu, 22 Shizuoka, 23 Aichi, 24 Mie, 25 Shiga, 26 Kyoto, 27 Osaka, 28 Hyogo, 29 Nara, 30 Wakayama, 31 Tottori, ' +
    '32 Shimane, 33 Okayama, 34 Hiroshima, 35 Yamaguchi, 36 Tokushima, 37 Kagawa, 38 Ehime, 39 Kochi, 40 Fukuoka, 41 Saga, ' +
    '42 Nagasaki, 43 Kumamoto, 44 Oita, 45 Miyazaki, 46 Kagoshima, 47 Okinawa',
  DK: '81 North Jutland, 82 Central Jutland, 83 Southern Denmark, 84 Capital Region, 85 Zealand',
  PL:
    '02 Lower Silesia, 04 Kuyavia-Pomerania, 06 Lublin, 08 Lubusz, 10 Łódź, 12 Lesser Poland, 14 Masovia, 16 Opole, ' +
    '18 Subcarpathia, 20 Podlachia, 22 Pomerania, 24 Silesia, 26 Holy Cross, 28 Warmia-Masuria, 30 Greater Poland, ' +
    '32 West Pomerania',
  BR:
    'AC Acre, AL Alagoas, AM Amazonas, AP Amapá, BA Bahia, CE Ceará, DF Federal District, ES Espírito Santo, GO Goiás, ' +
    'MA Maranhão, MG Minas Gerais, MS Mato Grosso do Sul, MT Mato Grosso, PA Pará, PB Paraíba, PE Pernambuco, PI Piauí, ' +
    'PR Paraná, RJ Rio de Janeiro, RN Rio Grande do Norte, RO Rondônia, RR Roraima, RS Rio Grande do Sul, ' +
    'SC Santa Catarina, SE Sergipe, SP São Paulo, TO Tocantins',
  MX:
    'AGU Aguascalientes, BCN Baja California, BCS Baja California Sur, CAM Campeche, CHH Chihuahua, CHP Chiapas, ' +
    'CMX Mexico City, COA Coahuila, COL Colima, DUR Durango, GRO Guerrero, GUA Guanajuato, HID Hidalgo, JAL Jalisco, ' +
    'MEX State of Mexico, MIC Michoacán, MOR Morelos, NAY Nayarit, NLE Nuevo León, OAX Oaxaca, PUE Puebla, QUE Querétaro, ' +
    'ROO Quintana Roo, SIN Sinaloa, SLP San Luis Potosí, SON Sonora, TAB Tabasco, TAM Tamaulipas, TLA Tlaxcala, ' +
    'VER Veracruz, YUC Yucatán, ZAC Zacatecas',
}

/** Cities of the US with what is around them, by the numbers of the areas in which television is measured. */
export const metros =
  '501 New York, 504 Philadelphia, 505 Detroit, 506 Boston, 508 Pittsburgh, 510 Cleveland, 511 Washington, ' +
  '512 Baltimore, 514 Buffalo, 515 Cincinnati, 517 Charlotte, 518 Greensboro, 521 Providence, 524 Atlanta, ' +
  '527 Indianapolis, 528 Miami, 529 Louisville, 533 Hartford, 534 Orlando, 535 Columbus, 539 Tampa, ' +
  '544 Norfolk, 548 West Palm Beach, 560 Raleigh, 561 Jacksonville, 563 Grand Rapids, 566 Harrisburg, 602 Chicago, ' +
  '609 St. Louis, 613 Minneapolis, 616 Kansas City, 617 Milwaukee, 618 Houston, 622 New Orleans, 623 Dallas, ' +
  '630 Birmingham, 635 Austin, 640 Memphis, 641 San Antonio, 650 Oklahoma City, 659 Nashville, 716 Baton Rouge, ' +
  '743 Anchorage, 744 Honolulu, 751 Denver, 753 Phoenix, 770 Salt Lake City, 790 Albuquerque, 803 Los Angeles, ' +
  '807 San Francisco, 811 Reno, 819 Seattle, 820 Portland, 825 San Diego, 839 Las Vegas, 862 Sacramento'
