extension IntentPhrases {
    static let refusal = """
        no thanks|thank|thx|ty
        no thankyou
        thanks|thank|appreciate ~4 but no|not|we|well|were|no
        not for me|us
        not our thing|cup
        ^ no $
        ^ nope
        ^ nah
        pass $
        well|will|ill|gonna|going|to pass|decline
        pass on this|it|that|the|your
        hard pass
        not ~2 looking|need|seeking|right|keen|convinced|something|pursue|pursuing|moving|proceed|go|going|considering|want|taking|required
        not a fit|match|priority
        decided not|against
        against it
        dont think ~6 fit|need|interested|right|for|makes
        unfortunately|regret|regretfully|sorry|afraid ~6 not|no|dont|cant|wont|decline|pass|isnt|cannot
        no need
        please no
        best of luck
        good luck ~3 with|!|$|elsewhere
        all the best
        wish you ~4 luck|success|best
        waste|wasting ~3 time
        nein danke
        nein vielen
        ^ nein
        kein bedarf|interesse
        keinen bedarf
        danke|dank ~3 nein|nicht|kein|aber
        nicht für uns|mich
        leider ~4 nicht|kein|keine|keinen|ablehnen|absagen|nein
        absage|absagen|ablehnen|verzichten
        haben uns ~3 dagegen entschieden
        kommt|kommen ~5 nicht ~2 infrage|frage|betracht
        sehen [wir] ~2 davon ab
        non merci
        ^ non
        merci ~2 mais non|pas|nous|ce
        pas pour nous|moi|l
        sans suite
        ne ~4 donner|donnerons ~2 suite
        malheureusement|desole ~5 pas|non|aucun
        bonne continuation
        declinons|decline
        no gracias
        ^ no gracias
        gracias ~3 pero no|ya|estamos
        no es para nosotros|mi
        lamentablemente|desafortunadamente ~4 no
        paso $
        descartamos|rechazar|rechazamos
        no grazie
        grazie ma no
        non fa per
        nao obrigado|obrigada
        obrigado mas nao
        nee bedankt|dank
        bedankt maar
        helaas niet|geen
        nej tak|tack
        nei takk
        tack|tak men nej
        nie dziekuj*
        dziekuj* ~2 nie
        """

    static let later = """
        not [right] now|currently|today|yet
        not at this|the|present [time|moment|stage|point]
        not this year|quarter|month|week|time
        maybe|perhaps|possibly|probably ~2 later|next|future|another|sometime|in
        later ~1 this|in|on|maybe|perhaps|date
        next year|quarter|month|spring|summer|autumn|fall|winter|season|budget|fiscal
        in|for|after|around|during|until|by ~1 q1|q2|q3|q4|h1|h2
        check|get|circle|touch|reach|follow|ping|contact|try|ask|come|talk|email|write|call|remind|reconnect|revisit|speak|connect|hit ~3 back|again|out|up|me|us|base|in|later|then ~6 in|next|after|later|month|months|year|weeks|week|quarter|january|february|march|april|may|june|july|august|september|october|november|december|q1|q2|q3|q4|summer|spring|autumn|fall|winter|year|then|when|once|#|easter|christmas
        follow up|back ~6 in|next|later|after
        circle back
        revisit
        reach out ~3 in|next|later|again
        too early|soon
        down the road|line
        in ~3 weeks|months|month|days|year|years
        few|couple|six|three|two|# ~1 weeks|months
        bad|busy time|season|period
        at the moment
        right now
        on hold|ice
        postponed|postpone|paused|deferred
        keep ~4 touch|mind|file|radar
        for now
        some other time
        another time
        derzeit|aktuell|momentan|zurzeit|gerade|moment|zur zeit ~5 nicht|kein|keine|keinen|schlecht
        nicht ~3 derzeit|aktuell|momentan|jetzt|moment|heute
        jetzt|moment|momentan|aktuell|derzeit ~2 nicht|leider|kein|keine
        später|nochmal|nochmals|wieder|erneut ~4 melden|fragen|sprechen|an|kontaktieren|anrufen|versuchen|anfragen
        melden|melde|fragen|kommen|kontaktieren|schreiben|rufen ~8 wieder|nochmal|nochmals|später|erneut|nächst*|monaten|wochen|quartal|jahr|herbst|frühjahr|sommer|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|q1|q2|q3|q4|#
        nächstes|nächsten|kommendes|kommenden|nächster jahr|jahres|quartal|monat|monats|frühjahr|herbst|sommer|geschäftsjahr|saison
        in ~2 wochen|monaten|jahren|monat|jahr
        erst ~3 nächst*|q1|q2|q3|q4|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|#|wieder|ab|im
        im|ab|nach ~1 frühjahr|herbst|sommer|winter|q1|q2|q3|q4|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|weihnachten|ostern|urlaub
        zu einem späteren zeitpunkt
        pas [tout] [de] maintenant|suite|moment|encore|actuellement|instant
        pour le moment|l
        pour l instant
        plus tard
        l annee|an prochaine|prochain
        annee|trimestre|mois|semestre prochain|prochaine
        d ici ~3 mois|semaines
        dans ~3 mois|semaines|jours|ans
        recontactez|rappelez|relancez|revenez|recontacter|relancer ~5 en|dans|apres|plus|prochain*|debut|fin|vers|#
        a la rentree
        ahora no|mismo
        por ahora|el|momento
        por el momento
        de momento
        mas adelante|tarde
        el|proximo|proxima ano|trimestre|mes|semestre proximo|que
        proximo ano|trimestre|mes|semestre
        dentro de ~3 meses|semanas
        en ~2 meses|semanas
        vuelva|vuelve|escribame|contacteme|llameme|retomemos|retomamos|contactenos|retomarlo ~5 en|dentro|mas|proximo|despues|a
        al momento
        per ora|adesso
        piu avanti|tardi
        anno|mese|trimestre prossimo
        prossimo anno|mese|trimestre
        tra|fra ~2 mesi|settimane
        neste|por momento|agora|enquanto
        mais tarde
        proximo|no ano|mes|trimestre|que
        daqui a
        op dit moment
        volgend jaar|kwartaal
        later ~2 weer|nog|terug
        just|lige nu
        nästa|næste ar|år|kvartal
        senare|senere
        w tej chwili
        na razie
        w przyszlym roku
        pozniej
        wait until|till
        has|have|must|needs|need to wait
        park it|this
        after the|our|we|i|summer|easter|christmas
        once we|our|i|the|it
        later
        hör|hor av
        probeer|prov|prøv ~2 igen|opnieuw|later
        nog eens
        odezwac sie za
        """
}
