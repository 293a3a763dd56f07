/// How customers of an agency write to its support, in English and German with the commonest words of French,
/// Spanish, Italian, Portuguese and Dutch.
enum TicketPhrases {
    static let keyword = """
        urgent|urgently|urgency|critical|critically|broken|emergency|emergencies|asap
        dringend|dringende|dringender|dringendes|kritisch|kritische|kaputt|notfall|eilt|sofort|umgehend
        urgence|urgente|urgentes|critique|casse|cassee|critico|critica|roto|rota|emergencia|rotto|rotta|emergenza|quebrado|spoed|kritiek|kapot|noodgeval
        """

    static let outage = """
        everything|site|website|shop|store|page|system|server|portal|platform|campaigns|checkout|it ~2 down|offline|dead|unreachable|gone
        nobody|noone|none|nothing ~2 can|works|work|working|loads|reach|order|log
        is|are|went|has|gone [completely|totally|suddenly] down|offline
        outage
        500|503|502 error|errors
        alles|seite|website|shop|webseite|server|system ~3 down|offline|ausgefallen|tot|lahm|weg
        niemand|keiner|nichts ~2 kann|geht|funktioniert|arbeiten|bestellen|erreichbar
        nicht [mehr] erreichbar
        hors|en service|panne
        caido|caida|fuera de servicio|linea
        """

    static let security = """
        hacked|hacker|hackers|breach|breached|phishing|compromised|malware|virus|ransomware|stolen|leaked|leak|intruder
        someone|somebody|stranger|unknown ~4 logged|access|accessed|changed|posted|posting|password
        unauthorised|unauthorized
        data|customer ~3 exposed|public|visible
        gehackt|datenleck|datenpanne|phishing|schadsoftware|gestohlen|fremder|unbefugt*
        pirate|piratee|hackeado|hackeada|hackerato|hackerata|hackeada|gehackt
        """

    static let spending = """
        overspend*
        spending|burning|spent ~4 too|twice|double|budget|money|out|much
        stop|pause|halt ~3 ads|campaign|campaigns|ad|spending|mailing|newsletter|it ~2 now|immediately|once|right
        wrong ~4 price|link|mail|newsletter|email ~4 live|sent|published|customers|everyone
        went|gone|go|sent|published ~3 by mistake|wrong|accident
        budget ~3 überschritten|aufgebraucht|doppelt|leer
        stoppen|stoppt|stopp ~3 anzeigen|kampagne|kampagnen|werbung|versand
        """

    static let deadline = """
        today|tonight|tomorrow|asap
        by|before|until|till monday|tuesday|wednesday|thursday|friday|saturday|sunday|noon|tomorrow|tonight|weekend|end|#
        within ~2 hour|hours|day|days|minutes
        in|next an|one|two|few|#|the hour|hours|minutes
        as soon as possible
        right now|away
        immediately|quickly|soon
        deadline
        avant|dici|pour|antes|para ~2 lundi|mardi|mercredi|jeudi|vendredi|demain|lunes|martes|miercoles|jueves|viernes|mañana
        launch|event|fair|webinar|meeting|release ~4 tomorrow|today|days|week|hours
        heute|morgen|schnellstmöglich|zeitnah|unverzüglich|baldmöglichst|frist|deadline
        bis ~2 montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|morgen|mittag|heute|#
        so schnell|bald wie
        aujourd|demain|rapidement|vite|hoy|mañana|pronto|oggi|domani|presto|hoje|amanha|vandaag|morgen
        """

    static let blocked = """
        cant|cannot|unable|couldnt|not able ~3 log|login|access|work|publish|continue|send|open|pay|approve|save|upload|proceed|reach|sign
        locked out
        blocked|stuck|blocking|suspended|disapproved|rejected|disabled
        charged|billed|invoiced|debited|paid ~3 twice|double|wrong|too|wrongly|incorrectly
        double charge|charged|payment|invoice
        not|dont|doesnt|didnt|no|stopped|havent ~5 arrive|arriving|arrived|coming|working|work|sending|sent|loading|load|delivered|receiving|leads
        since yesterday|monday|tuesday|wednesday|thursday|friday|days|this|last|the
        missing leads|payment|data|orders
        report|file|invoice|payment|access|data|video|post|leads|content|it|design ~6 is|are|still missing|lost|disappeared
        no ~1 enquiry|enquiries|lead|leads|order|orders|mail|mails|visitor|visitors ~6 since|for|days|weeks
        wait|waiting|waited ~3 since|for|days|weeks
        warte|warten|gewartet ~3 seit|tagen|wochen
        attend|attends|attendons|esperando|esperamos|espero ~3 depuis|jours|semaines|desde|hace|semanas
        no leads|orders|answer|reply|response|access
        second|third|fourth|last|final reminder|request|message|time|email
        still waiting|no|not
        komme|kommen|können|kann|konnte ~5 nicht ~3 rein|einloggen|anmelden|zugreifen|arbeiten|öffnen|bezahlen|freigeben|speichern
        ausgesperrt|gesperrt|blockiert|abgelehnt
        doppelt abgebucht|berechnet|bezahlt|belastet
        zweimal abgebucht|berechnet|belastet
        seit gestern|montag|dienstag|mittwoch|donnerstag|freitag|tagen|heute
        funktioniert|geht|lädt|kommen|kommt ~4 nicht|nichts
        dritte|zweite|letzte mahnung|erinnerung|anfrage
        ne ~1 fonctionne|marche|arrive pas|plus
        no funciona|puedo|llega|carga
        non funziona|riesco|arriva|posso
        nao funciona|consigo|chega
        werkt|lukt niet
        """

    static let calm = """
        no|not|isnt|nothing|without ~2 rush|hurry|urgent|urgency|stress|pressure|critical|emergency
        whenever|when ~3 time|convenient|chance|free|minute
        take your time
        low priority
        at your|some leisure|point
        just|only curious|wondering|asking|saying|wanted
        small|minor|tiny|little|cosmetic ~2 thing|issue|detail|typo|question|note|suggestion|bug
        some day
        nicht|keine|kein ~1 eilig|dringend|eile|stress|notfall|kritisch
        eilt nicht
        bei gelegenheit
        irgendwann
        wenn ~3 zeit|passt
        kleinigkeit|schönheitsfehler
        pas urgent|presse
        sin prisa
        no ~1 urgente|urge
        non ~1 urgente
        geen haast
        """

    static let praise = """
        thank|thanks|thankyou ~8 great|good|work|help|wonderful|quick|fast|excellent|everything|team
        great|good|awesome|amazing|excellent|fantastic|wonderful|nice|brilliant|lovely|superb job|work|team|product|service|support|campaign|report|result|results|experience
        love|loved|loving|impressed|thrilled|delighted|happy|pleased ~4 campaign|design|work|new|it|this|your|results|result|how|with
        keep up
        well done
        best agency|team|decision|support|campaign
        compliments|kudos|congratulations|hats
        vielen|herzlichen|tausend|besten dank ~6 arbeit|hilfe|unterstützung|alles|schnelle|tolle|super
        toll|super|klasse|gut|großartig|prima|wunderbar gemacht|gearbeitet|geworden|gelungen
        merci|gracias|grazie ~6 superbe|magnifique|parfait|parfaite|genial|estupendo|perfecto|fantastico|excelente
        tolle|super|großartige|gute|klasse|hervorragende|perfekte arbeit|team|kampagne|leistung|service|zusammenarbeit
        begeistert|gefällt|freuen|zufrieden
        weiter so
        merci|gracias|grazie|obrigado|bedankt ~5 travail|tout|trabajo|todo|lavoro|tutto|trabalho|werk|super
        bravo|excellent|excelente|ottimo
        """

    static let idea = """
        would|could|it|might be ~1 nice|great|good|cool|useful|helpful|handy ~6 if|to|have|feature
        would|will|d be ~1 nice|great|cool|useful|helpful|handy
        feature|enhancement|improvement request|idea|suggestion|wish|proposal
        suggest|suggestion|suggesting|idea|wishlist
        id|i|we ~2 love|wish ~4 could|to|had|have|see|if
        please|could|can ~2 add|introduce|build|offer|support|implement ~4 option|feature|dark|integration|filter|export|button|theme|mode|possibility|column|language
        dark mode|theme
        missing ~2 option|feature|possibility|filter|export
        any plans to|for
        it|that would help if
        wäre|wünsche|wünschen|wünschenswert|vorschlag|idee|anregung|verbesserungsvorschlag
        könnte|könntet|könnten ~4 einbauen|ergänzen|hinzufügen|anbieten|integrieren
        ce serait|serait bien|possible
        seria|estaria bueno|bien|genial|posible|util
        sarebbe bello|utile|comodo
        """

    static let steps = """
        api|webhook|webhooks|integration|integrate|migration|migrate|dns|domain|pixel|server|tracking|tag|gtm|ssl|certificate|crm|sync|synchronise|synchronize|oauth|token|schema|script|redirect|export|import|attribution|conversion
        step|steps|reproduce|log|logs|console|error|stack|trace|code|version|browser
        several|multiple|all|many|various|different ~2 accounts|pages|campaigns|clients|problems|issues|questions|systems|users|shops|countries
        first second
        contract|legal|gdpr|dsgvo|compliance|audit|lawyer
        schnittstelle|anbindung|umzug|migration|domain|zertifikat|fehlermeldung|mehrere|verschiedene|vertrag|datenschutz
        """

    static let question = """
        ^ what|how|when|where|why|who|which|is|are|do|does|can|could|will|would|should|may|did|has|have|am
        could|can|would you ~2 tell|explain|clarify|let|say|confirm
        question|questions|wondering|curious
        how do|can|does|to|much|many|long
        ^ was|wie|wann|wo|warum|wer|welche|welcher|welches|ist|sind|kann|können|gibt|habt|haben|wieso|weshalb|wieviel
        frage|fragen|wissen|wüsste
        ^ comment|quand|combien|pourquoi|quel|quelle|est|ou|qui|avez|peut
        ^ cómo|cuándo|cuánto|dónde|qué|quién|por|cuál|hay|puedo|pueden
        ^ come|quando|quanto|dove|perche|chi|quale|posso|potete
        ^ como|onde|qual|quais|porque|podem|posso|hoe|wat|wanneer|waar|waarom|kunnen|kan
        """

    static let problem = """
        error|errors|bug|bugs|problem|problems|issue|issues|broken|crash|crashes|crashed|glitch|fails|failed|failing|failure|down|offline|stuck|wrong|incorrect|missing|odd|weird|strange|hacked|slow|twice|404|500|overspending
        not|doesnt|dont|cant|cannot|isnt|arent|wont|didnt|stopped|never|no|unable ~5 work|works|working|load|loading|open|log|login|send|sent|show|showing|see|arrive|arrived|receive|received|access|find|upload|save|display|displayed|update|updated|leads
        fehler|problem|probleme|kaputt|defekt|abgestürzt|falsch|fehlt|fehlen|gehackt|störung|langsam|komisch
        nicht|nichts|kein|keine ~3 funktioniert|geht|lädt|angezeigt|ankommen|an|öffnen|einloggen|anmelden|erreichbar|leads
        geht|funktioniert|lädt|klappt|kommen|kommt ~3 nicht
        erreur|panne|probleme|bug|marche|fonctionne|problema|fallo|funciona|errore|funziona|erro|fout|probleem|werkt
        """

    static let request = """
        ^ please
        please|kindly|pls ~1 send|resend|change|add|remove|update|set|create|delete|replace|stop|pause|move|check|give|make|cancel|fix|book|upload|publish|let|provide|call|answer|activate|refund|invite|swap
        can|could|would|will you ~2 send|resend|change|add|remove|update|set|create|delete|replace|stop|pause|move|check|give|make|book|upload|publish|provide|activate|invite|increase|lower|prepare|swap|correct
        i|we|id|wed ~1 need|want|like|require|request ~3 change|add|new|have|update|to|a|an|another|copy|access|more
        we|i would like
        bitte ~6 ändern|senden|schicken|schickt|hinzufügen|löschen|entfernen|anpassen|austauschen|aktualisieren|einrichten|anlegen|prüfen|pausieren|stoppen|freischalten|erhöhen|ersetzen|veröffentlichen|zusenden|erstellen|ändert|stoppt
        könnt|könnten|können ihr|sie ~6 ändern|senden|schicken|hinzufügen|löschen|entfernen|anpassen|austauschen|aktualisieren|einrichten|anlegen|prüfen|pausieren|freischalten
        wir|ich möchten|brauchen|benötigen|möchte|brauche|benötige|hätten|hätte
        merci de
        pouvez|pourriez|veuillez|necesitamos|necesito|podrian|podeis|envien|potete|vorremmo|podem|precisamos|graag|kunnen
        """

    static let complaint = """
        unacceptable|ridiculous|disappointed|disappointing|dissatisfied|unhappy|furious|angry|outrageous|unprofessional|rude|fed|terrible|worst|awful|complaint|complain|complaining|frustrated|frustrating|annoyed|appalling|poor|incompetent|lousy|sick|ashamed
        nobody|noone|no ~3 answers|answered|responds|replies|responded|cares|calls|called|reply|response
        waste of
        third|fourth|fifth|final reminder|time|message|request|email
        not|never|isnt what|happy|satisfied|good|acceptable|ok|okay we|i|you|with|enough|at
        expected|promised ~3 more|better|results|last|weeks|us|but
        still waiting|no answer|for
        unverschämt|inakzeptabel|enttäuscht|unzufrieden|beschwerde|beschweren|lächerlich|frechheit|katastrophe|sauer|verärgert|zumutung|ärgerlich|unprofessionell|unmöglich
        niemand|keiner ~3 antwortet|meldet|reagiert|kümmert
        inadmissible|inacceptable|decu|decue|honteux|reclamation|plainte|inaceptable|queja|decepcionado|decepcionada|inaccettabile|deluso|delusa|reclamo|inaceitavel|klacht|onacceptabel|teleurgesteld
        """

    static let cancellation = """
        cancel|cancelling|canceling|cancellation|terminate|terminating|termination ~5 contract|subscription|account|plan|package|membership|service|services|agreement|retainer|everything|us
        cancel|terminate|end ~3 contract|subscription|account|plan|cooperation|agreement|retainer|collaboration|membership
        close|delete ~2 account
        leave|leaving ~2 you|agency|bureau
        not|dont|wont ~3 renew|extend|continue|prolong
        stop working with
        notice period
        switch|switching|move|moving to another|different|new agency|provider
        kündigen|kündige|kündigung|kündigt|gekündigt
        vertrag ~3 beenden|auflösen|verlängern
        konto|account löschen|schließen
        resilier|resiliation|rescindir|cancelar ~3 contrat|contrato|suscripcion|abonnement|assinatura
        darme|dar de baja
        disdire|disdetta|recedere|opzeggen|opzegging
        """
}
