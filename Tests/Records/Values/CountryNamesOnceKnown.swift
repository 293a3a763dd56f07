/// The names of countries from when they were lines of Swift: each is still known. Code, three-letter code, and
/// names that turn up in lists, the last of which is the one of the machine's `iso3166.tab`.
let countryNamesOnceKnown = """
    AD AND Andorra
    AE ARE United Arab Emirates|UAE|Emirates|Vereinigte Arabische Emirate|VAE|Emirats arabes unis|\
    Emiratos Árabes Unidos|Dubai|Abu Dhabi
    AF AFG Afghanistan
    AG ATG Antigua and Barbuda|Antigua|Antigua & Barbuda
    AI AIA Anguilla
    AL ALB Albania|Albanien|Albanie|Shqipëria
    AM ARM Armenia|Armenien|Arménie
    AO AGO Angola
    AQ ATA Antarctica
    AR ARG Argentina|Argentinien|Argentine
    AS ASM American Samoa|Samoa (American)
    AT AUT Austria|Österreich|Oesterreich|Autriche|Republic of Austria|Republik Österreich
    AU AUS Australia|Australien|Australie|Commonwealth of Australia
    AW ABW Aruba
    AX ALA Åland Islands|Åland
    AZ AZE Azerbaijan|Aserbaidschan
    BA BIH Bosnia and Herzegovina|Bosnia|Bosnien und Herzegowina|Bosnien|Bosna i Hercegovina|\
    Bosnia & Herzegovina
    BB BRB Barbados
    BD BGD Bangladesh|Bangladesch
    BE BEL Belgium|Belgien|Belgique|België|Belgie|Bélgica|Belgio
    BF BFA Burkina Faso
    BG BGR Bulgaria|Bulgarien|Bulgarie|България
    BH BHR Bahrain|Bahrein
    BI BDI Burundi
    BJ BEN Benin|Bénin
    BL BLM Saint Barthélemy|St Barts|St Barthelemy
    BM BMU Bermuda
    BN BRN Brunei|Brunei Darussalam
    BO BOL Bolivia|Bolivien|Plurinational State of Bolivia
    BQ BES Caribbean Netherlands|Bonaire|Caribbean NL
    BR BRA Brazil|Brasil|Brasilien|Brésil|Brasile
    BS BHS Bahamas|The Bahamas
    BT BTN Bhutan
    BV BVT Bouvet Island
    BW BWA Botswana
    BY BLR Belarus|Weißrussland|Weissrussland|Biélorussie|Беларусь
    BZ BLZ Belize
    CA CAN Canada|Kanada|Canadá
    CC CCK Cocos Islands|Keeling Islands|Cocos (Keeling) Islands
    CD COD Democratic Republic of the Congo|DR Congo|DRC|Congo Kinshasa|Zaire|Congo (Dem. Rep.)
    CF CAF Central African Republic|Zentralafrikanische Republik|Central African Rep.
    CG COG Congo|Republic of the Congo|Congo Brazzaville|Congo (Rep.)
    CH CHE Switzerland|Schweiz|Suisse|Svizzera|Svizra|Suiza|Swiss Confederation|Helvetia
    CI CIV Côte d'Ivoire|Ivory Coast|Elfenbeinküste
    CK COK Cook Islands
    CL CHL Chile|Chili
    CM CMR Cameroon|Kamerun|Cameroun
    CN CHN China|PRC|PR China|People's Republic of China|Mainland China|Chine|中国|Volksrepublik China
    CO COL Colombia|Kolumbien|Colombie
    CR CRI Costa Rica
    CU CUB Cuba|Kuba
    CV CPV Cape Verde|Cabo Verde
    CW CUW Curaçao
    CX CXR Christmas Island
    CY CYP Cyprus|Zypern|Chypre|Κύπρος
    CZ CZE Czechia|Czech Republic|Tschechien|Tschechische Republik|Česko|Česká republika|République tchèque|\
    Tchéquie|República Checa
    DE DEU Germany|Deutschland|Allemagne|Alemania|Germania|Niemcy|Duitsland|Tyskland|BRD|\
    Federal Republic of Germany|Bundesrepublik Deutschland|Alemanha|Německo|Saksa|Германия|ドイツ|德国|GER
    DJ DJI Djibouti
    DK DNK Denmark|Dänemark|Danmark|Danemark|Dinamarca|Danimarca
    DM DMA Dominica
    DO DOM Dominican Republic|República Dominicana|Dominikanische Republik
    DZ DZA Algeria|Algerien|Algérie|الجزائر
    EC ECU Ecuador
    EE EST Estonia|Estland|Eesti|Estonie
    EG EGY Egypt|Ägypten|Égypte|Egipto|مصر
    EH ESH Western Sahara
    ER ERI Eritrea
    ES ESP Spain|España|Spanien|Espagne|Spagna|Spanje|Espanha|Hiszpania|Kingdom of Spain
    ET ETH Ethiopia|Äthiopien|Éthiopie
    FI FIN Finland|Suomi|Finnland|Finlande
    FJ FJI Fiji|Fidschi
    FK FLK Falkland Islands|Malvinas
    FM FSM Micronesia|Federated States of Micronesia
    FO FRO Faroe Islands|Føroyar
    FR FRA France|Frankreich|Francia|Frankrijk|Frankrike|França|Francja|French Republic|République française|法国
    GA GAB Gabon|Gabun
    GB GBR United Kingdom|UK|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|Großbritannien|\
    Grossbritannien|Vereinigtes Königreich|Royaume-Uni|Grande-Bretagne|Angleterre|Reino Unido|Gran Bretaña|\
    Inglaterra|Regno Unito|Gran Bretagna|Storbritannien|Verenigd Koninkrijk|Wielka Brytania|\
    United Kingdom of Great Britain and Northern Ireland|Schottland|English|Britain (UK)
    GD GRD Grenada
    GE GEO Georgia|Georgien|Géorgie|Sakartvelo
    GF GUF French Guiana|Guyane
    GG GGY Guernsey
    GH GHA Ghana
    GI GIB Gibraltar
    GL GRL Greenland|Grönland|Grønland|Kalaallit Nunaat
    GM GMB Gambia|The Gambia
    GN GIN Guinea|Guinée
    GP GLP Guadeloupe
    GQ GNQ Equatorial Guinea|Guinea Ecuatorial
    GR GRC Greece|Griechenland|Grèce|Grecia|Hellas|Ελλάδα|Hellenic Republic
    GS SGS South Georgia and the South Sandwich Islands|South Georgia|South Georgia & the South Sandwich Islands
    GT GTM Guatemala
    GU GUM Guam
    GW GNB Guinea-Bissau
    GY GUY Guyana
    HK HKG Hong Kong|Hongkong|Hong Kong SAR|香港
    HM HMD Heard Island and McDonald Islands|Heard Island & McDonald Islands
    HN HND Honduras
    HR HRV Croatia|Kroatien|Hrvatska|Croatie
    HT HTI Haiti|Haïti
    HU HUN Hungary|Ungarn|Magyarország|Hongrie
    ID IDN Indonesia|Indonesien|Indonésie
    IE IRL Ireland|Irland|Irlande|Irlanda|Éire|Republic of Ireland|Ierland
    IL ISR Israel|Israël
    IM IMN Isle of Man
    IN IND India|Indien|Inde|Bharat|भारत
    IO IOT British Indian Ocean Territory
    IQ IRQ Iraq|Irak
    IR IRN Iran|Islamic Republic of Iran|Persia
    IS ISL Iceland|Island|Ísland|Islande
    IT ITA Italy|Italia|Italien|Italie|Itália|Włochy|Italië|Italian Republic|Repubblica Italiana
    JE JEY Jersey
    JM JAM Jamaica|Jamaika
    JO JOR Jordan|Jordanien
    JP JPN Japan|Japon|Japón|Giappone|Nippon|日本
    KE KEN Kenya|Kenia
    KG KGZ Kyrgyzstan|Kirgisistan
    KH KHM Cambodia|Kambodscha|Cambodge
    KI KIR Kiribati
    KM COM Comoros|Komoren
    KN KNA Saint Kitts and Nevis|St Kitts and Nevis|St Kitts & Nevis
    KP PRK North Korea|Nordkorea|DPRK|Democratic People's Republic of Korea|Korea (North)
    KR KOR South Korea|Korea|Republic of Korea|Südkorea|Corée du Sud|Corea del Sur|대한민국|한국|Korea (South)
    KW KWT Kuwait
    KY CYM Cayman Islands|Cayman
    KZ KAZ Kazakhstan|Kasachstan
    LA LAO Laos|Lao PDR|Lao People's Democratic Republic
    LB LBN Lebanon|Libanon|Liban
    LC LCA Saint Lucia|St Lucia
    LI LIE Liechtenstein
    LK LKA Sri Lanka|Ceylon
    LR LBR Liberia
    LS LSO Lesotho
    LT LTU Lithuania|Litauen|Lietuva|Lituanie
    LU LUX Luxembourg|Luxemburg|Lëtzebuerg|Luxemburgo
    LV LVA Latvia|Lettland|Latvija|Lettonie
    LY LBY Libya|Libyen|Libye
    MA MAR Morocco|Marokko|Maroc|Marruecos|المغرب
    MC MCO Monaco
    MD MDA Moldova|Moldawien|Republic of Moldova|Moldau
    ME MNE Montenegro|Crna Gora
    MF MAF Saint Martin|St Martin (French)
    MG MDG Madagascar|Madagaskar
    MH MHL Marshall Islands
    MK MKD North Macedonia|Macedonia|Mazedonien|Nordmazedonien|FYROM|Severna Makedonija
    ML MLI Mali
    MM MMR Myanmar|Burma|Myanmar (Burma)
    MN MNG Mongolia|Mongolei
    MO MAC Macao|Macau|澳門
    MP MNP Northern Mariana Islands
    MQ MTQ Martinique
    MR MRT Mauritania|Mauretanien
    MS MSR Montserrat
    MT MLT Malta|Malte
    MU MUS Mauritius|Maurice
    MV MDV Maldives|Malediven
    MW MWI Malawi
    MX MEX Mexico|México|Mexiko|Mexique|Messico|Méjico
    MY MYS Malaysia|Malaisie
    MZ MOZ Mozambique|Mosambik|Moçambique
    NA NAM Namibia
    NC NCL New Caledonia|Nouvelle-Calédonie
    NE NER Niger
    NF NFK Norfolk Island
    NG NGA Nigeria
    NI NIC Nicaragua
    NL NLD Netherlands|The Netherlands|Holland|Niederlande|Nederland|Pays-Bas|Países Bajos|Paesi Bassi|Hollande|\
    Holanda
    NO NOR Norway|Norwegen|Norge|Noreg|Norvège|Noruega|Norvegia
    NP NPL Nepal
    NR NRU Nauru
    NU NIU Niue
    NZ NZL New Zealand|Neuseeland|Aotearoa|Nouvelle-Zélande|Nueva Zelanda
    OM OMN Oman
    PA PAN Panama|Panamá
    PE PER Peru|Perú|Pérou
    PF PYF French Polynesia|Polynésie française|Tahiti
    PG PNG Papua New Guinea|Papua-Neuguinea
    PH PHL Philippines|The Philippines|Philippinen|Pilipinas|Filipinas
    PK PAK Pakistan
    PL POL Poland|Polen|Polska|Pologne|Polonia
    PM SPM Saint Pierre and Miquelon|St Pierre & Miquelon
    PN PCN Pitcairn
    PR PRI Puerto Rico
    PS PSE Palestine|State of Palestine|Palästina|Palestinian Territories
    PT PRT Portugal|Portogallo|Portuguese Republic
    PW PLW Palau
    PY PRY Paraguay
    QA QAT Qatar|Katar
    RE REU Réunion|La Réunion
    RO ROU Romania|Rumänien|România|Roumanie|Rumania
    RS SRB Serbia|Serbien|Srbija|Србија|Serbie
    RU RUS Russia|Russian Federation|Russland|Russie|Rusia|Россия|Российская Федерация|Russische Föderation
    RW RWA Rwanda|Ruanda
    SA SAU Saudi Arabia|KSA|Kingdom of Saudi Arabia|Saudi-Arabien|Saudiarabien|Arabie saoudite|Arabia Saudita|\
    السعودية
    SB SLB Solomon Islands
    SC SYC Seychelles|Seychellen
    SD SDN Sudan
    SE SWE Sweden|Sverige|Schweden|Suède|Suecia|Svezia|Zweden|Ruotsi|Kingdom of Sweden
    SG SGP Singapore|Singapur|Singapour|新加坡
    SH SHN Saint Helena|St Helena
    SI SVN Slovenia|Slowenien|Slovenija|Slovénie
    SJ SJM Svalbard and Jan Mayen|Svalbard|Svalbard & Jan Mayen
    SK SVK Slovakia|Slowakei|Slovensko|Slovak Republic|Slovaquie
    SL SLE Sierra Leone
    SM SMR San Marino
    SN SEN Senegal|Sénégal
    SO SOM Somalia
    SR SUR Suriname
    SS SSD South Sudan|Südsudan
    ST STP São Tomé and Príncipe|Sao Tome & Principe
    SV SLV El Salvador
    SX SXM Sint Maarten|St Maarten (Dutch)
    SY SYR Syria|Syrien|Syrian Arab Republic
    SZ SWZ Eswatini|Swaziland|Eswatini (Swaziland)
    TC TCA Turks and Caicos Islands|Turks & Caicos Is
    TD TCD Chad|Tschad|Tchad
    TF ATF French Southern Territories|French S. Terr.
    TG TGO Togo
    TH THA Thailand|Thaïlande|ประเทศไทย
    TJ TJK Tajikistan|Tadschikistan
    TK TKL Tokelau
    TL TLS Timor-Leste|East Timor|Osttimor
    TM TKM Turkmenistan
    TN TUN Tunisia|Tunesien|Tunisie
    TO TON Tonga
    TR TUR Türkiye|Turkey|Türkei|Turkiye|Turquie|Turquía|Turchia
    TT TTO Trinidad and Tobago|Trinidad|Trinidad & Tobago
    TV TUV Tuvalu
    TW TWN Taiwan|Taiwan R.O.C.|臺灣|台灣|台湾|Chinese Taipei
    TZ TZA Tanzania|Tansania|United Republic of Tanzania
    UA UKR Ukraine|Україна|Ucrania|Ukraina
    UG UGA Uganda
    UM UMI United States Minor Outlying Islands|US minor outlying islands
    US USA United States|United States of America|U.S.|America|Vereinigte Staaten|\
    Vereinigte Staaten von Amerika|États-Unis|Etats Unis d'Amérique|Estados Unidos|Estados Unidos de América|\
    EE.UU.|EEUU|Stati Uniti|Stany Zjednoczone|Verenigde Staten|Förenta staterna|U S A|U S|Amerika|アメリカ|美国
    UY URY Uruguay
    UZ UZB Uzbekistan|Usbekistan
    VA VAT Vatican City|Holy See|Vatikan|Vatican
    VC VCT Saint Vincent and the Grenadines|St Vincent
    VE VEN Venezuela
    VG VGB British Virgin Islands|BVI|Virgin Islands (UK)
    VI VIR U.S. Virgin Islands|US Virgin Islands|Virgin Islands (US)
    VN VNM Vietnam|Viet Nam|Việt Nam
    VU VUT Vanuatu
    WF WLF Wallis and Futuna|Wallis & Futuna
    WS WSM Samoa|Samoa (western)
    XK XKX Kosovo|Kosova
    YE YEM Yemen|Jemen
    YT MYT Mayotte
    ZA ZAF South Africa|Südafrika|Afrique du Sud|Sudáfrica|RSA|Republic of South Africa|Suid-Afrika
    ZM ZMB Zambia|Sambia
    ZW ZWE Zimbabwe|Simbabwe
    """
