/// How good or bad words sound in German, Dutch, Swedish, Danish and Norwegian, from 4 to -4.
enum GermanicValences {
    static let german = """
        4: großartig* hervorragend* ausgezeichnet* fantastisch* phantastisch* wunderbar* perfekt* genial* sensationell* grandios* exzellent* überragend* traumhaft* bombastisch* mega megageil weltklasse
        3: toll tolle tollen toller tolles super klasse spitze prima liebe lieben liebt geliebt begeistert* begeistern herrlich* wunderschön* geil geile geiles geiler beste besten bester bestes spitzen* glücklich* freude freue freuen freut gefreut jubel sieg gewinner gewonnen gewinnen gratuliere* glückwunsch* herzlichen hammer wahnsinn bravo hurra juhu empfehle empfehlen empfehlenswert* lecker köstlich* fabelhaft* beeindruck* stolz
        2: mag gefällt gefallen genießen geholfen hilft gut gute guten guter gutes gern gerne schön schöne schönen schöner schönes nett nette netten netter nettes freundlich* hilfreich* danke dank dankbar* dankeschön bedanke bedanken zufrieden* angenehm* bequem* einfach schnell* zuverlässig* kompetent* professionell* sauber* interessant* spannend* lustig* witzig* spaß süß süße süßer cool coole cooles lächeln lachen hoffnung hoffentlich hoffe wertvoll* nützlich* praktisch* günstig* fair frisch* gemütlich* entspannt* erfolg* erfolgreich* besser bessere besseres verbessert* vertrauen ehrlich* sicher sympathisch* liebevoll* gelungen* vielversprechend* fein feine geschenk glück alles-gute lob loben leckere willkommen positiv* richtig begabt* gemeinsam lieb
        1.5: ok okay ordentlich* passt brauchbar* funktioniert funktionieren läuft klappt geklappt interessiert kreativ* vorteil* unterstützt unterstützung feiern genießen
        -1.5: leider schade teuer teure teuren langsam* mittelmäßig* schwierig* kompliziert* kalt kalte lau laut müde fehlt fehlen fehlte warten wartet gewartet verspätung spät verspätet unklar* komisch* seltsam* naja mäßig* vermisse verloren verlieren verliert kaum sorgen sorge egal eng
        -2: schlecht* schlimm* ärger* ärgerlich* nerv* enttäusch* traurig* doof blöd* dumm* langweilig* fehler fehlerhaft* problem probleme problemen kaputt* defekt* falsch* schmutzig* dreckig* unfreundlich* unhöflich* unzufrieden* unbrauchbar* nutzlos* sinnlos* wertlos* mist müll schrott krank* angst wut wütend* sauer böse schmerz* weinen geweint tot tod tote toten stirbt gestorben krieg terror gewalt mord streit beschwer* mangel* mangelhaft* versag* gescheitert scheiter* verschwend* unverständlich* inkompetent* überteuert* lügt lüge* lügner betrug betrüg* abzocke abgezockt peinlich* lächerlich* gefahr gefährlich* schade kritik stress stressig* nie niemals ungeeignet* unzuverlässig* igitt schuld verletzt* absturz abgestürzt unfall opfer hasse
        -3: schrecklich* furchtbar* grauenhaft* grausam* katastroph* entsetzlich* widerlich* ekelhaft* eklig* hass* hasst scheiß* scheiss* scheisse beschissen* verdammt* idiot* arsch* arschloch unverschämt* frechheit inakzeptabel* miserabel* unterirdisch* unmöglich* schande skandal* zumutung abscheulich* kotz* mies miese mieser mieses fies horror alptraum albtraum drecks* fuck
        """

    static let germanPhrases = """
        4: sehr|absolut|unbedingt|gerne|kann ~3 empfehlen|empfehlenswert
        3: immer|jederzeit|gerne wieder
        3: vielen|herzlichen|besten|tausend dank
        3: freue|freuen ~3 auf
        3: alles gute|bestens|super|liebe|prima|klasse
        2: nicht schlecht|übel
        2: kein|keine|keinerlei|ohne ~1 problem|probleme|beanstandungen|beschwerden|fehler|sorge
        2: daumen drücken|hoch
        -4: nie|niemals|nicht ~2 wieder|mehr
        -3: nicht ~2 empfehlen|empfehlenswert|zufrieden|gut|schön
        -3: finger weg
        -3: schnauze|nase voll
        -3: es reicht
        -2: lässt|lassen zu wünschen
        -2: viel|zu zu teuer|lang|langsam|klein|spät|viel|laut
        -2: geht|funktioniert|klappt|hilft|läuft ~2 nicht
        -2: kein|keine|keinen ~1 antwort|reaktion|hilfe|lust|bock|rückmeldung|ahnung
        """

    static let dutch = """
        4: geweldig* fantastisch* uitstekend* perfect* prachtig* fenomenaal briljant
        3: top super mooi mooie leuk leuke lekker lekkere heerlijk* beste liefde blij gelukkig* aanrader toppie gefeliciteerd trots
        2: goed goede fijn fijne vriendelijk* behulpzaam* bedankt dank dankjewel tevreden snel snelle handig* prettig* netjes interessant* grappig* gezellig* graag makkelijk schoon betrouwbaar* beter hoop fan
        1.5: oke prima werkt helpt geholpen
        -1.5: helaas jammer duur dure traag trage moeilijk* wachten gewacht mist koud saai
        -2: slecht* fout* probleem problemen kapot* teleurgesteld* teleurstellend* vies vieze boos onvriendelijk* irritant* vervelend* lelijk* klacht* dom domme ziek verdrietig bang nutteloos rommel onbetrouwbaar*
        -3: verschrikkelijk* vreselijk* waardeloos waardeloze afschuwelijk* belachelijk* schandalig* haat ramp walgelijk* kut klote oplichting oplichters
        """

    static let nordic = """
        4: fantastisk* underbar* utmärkt* perfekt* enastående vidunderlig* fremragende strålende fantastiskt
        3: bäst bästa bedst bedste beste älskar elsker kärlek kærlighed super toppen grattis tillykke gratulerer glad glade lykkelig* lycklig* härlig* dejlig* herlig* stolt
        2: bra god godt gode gott fin fint fine trevlig* hjälpsam* hjælpsom* hjelpsom* tack tak takk nöjd* tilfreds fornøyd snabb* hurtig* rask enkel* kul sjov sjovt morsom* gärna gerne snygg vacker pen pent rolig roligt snäll* venlig* vennlig* lækker* nice
        1.5: ok okej fungerar virker fungerer hjälper
        -1.5: tyvärr desværre dessverre synd dyr dyrt dyra långsam* langsom* svårt svært vanskelig* vänta ventet väntat kallt kjedelig
        -2: dålig* dårlig* fel fejl feil problem problemer trasig* ødelagt besviken besvikna skuffet skuffende arg sur sint trist tråkig* kedelig* smutsig* otrevlig* uvenlig* irriterande irriterende klagar klage syg sjuk syk ledsen värdelös*
        -3: hemsk* forfærdelig* forferdelig* fruktansvärd* katastrof* usel* hatar hader hater äcklig* ulækker* skandal* pinsam* elendig* skit lort dritt jävla fan faen
        """
}
