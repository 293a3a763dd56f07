/// How machines answer: that somebody is away, and that a mail did not arrive.
enum AutomaticPhrases {
    static let away = """
        out of [the] office
        out of office|town|country
        ooo until|till|from|through|today|this
        on|for|taking [my|a|an] [short|long|extended|annual|parental|maternity|paternity|sick|medical|family|bank|public|summer|winter] leave|vacation|holiday|holidays|pto|sabbatical|honeymoon
        annual|maternity|paternity|parental|sick|medical|bereavement leave
        away from [my|the] desk|email|office|work|keyboard|computer|emails
        away until|till|from|on|this|for
        limited|no|intermittent|restricted|sporadic|little|without|irregular access to ~2 email|emails|mail|mails|internet|messages
        automatic|automated|auto reply|response|message|answer
        autoreply
        autoresponder
        office|offices|company|business|we ~4 closed ~6 until|till|from|between|for|on|and|over
        be back|returning|return|returns ~3 on|in|at|office|monday|tuesday|wednesday|thursday|friday|work|desk
        back in [the] office
        back at [my] work|desk
        currently away|travelling|traveling|unavailable|offline|out|abroad
        reply|respond|answer|get|read|respond ~8 upon|when|after|once|on ~2 return|back
        my|upon|on return ~2 to|on|in
        not be checking|monitoring|reading ~2 email|emails|inbox|mail
        urgent|emergencies|emergency|immediate|pressing ~6 contact|call|reach|please|email
        your message|email|mail will be ~1 forwarded|read|deleted
        have received your message|email|enquiry|inquiry|request and
        no longer with|works|working|employed [at|for|by] [the] [company]
        abwesenheit*
        abwesend
        nicht im|in büro|haus|hause|dem
        außer haus
        in|im|aus [meinem|dem|unserem] urlaub|jahresurlaub|erholungsurlaub
        elternzeit
        mutterschutz
        dienstreise
        nicht ~3 erreichbar
        ab|am ~4 wieder ~2 erreichbar|da|im|zurück|für
        wieder ~2 erreichbar|zurück
        zurück im büro
        automatische|automatisierte antwort|nachricht|mail|email|abwesenheits*
        automatisch generiert*|erstellt*
        betriebsferien
        betriebsurlaub
        büro|kanzlei|praxis|geschäft|unternehmen|wir ~6 geschlossen
        nicht ~2 weitergeleitet|gelesen
        dringenden fällen|angelegenheiten|anliegen
        keinen|eingeschränkten|begrenzten zugriff|zugang
        nach meiner rückkehr
        bin ~5 zurück
        absent|absente ~4 du|jusqu|bureau|au|pour|de
        absence du bureau
        en conge|conges|vacances|deplacement
        conge maternite|parental|paternite
        reponse automatique
        message automatique
        de retour ~2 le|au|lundi|mardi|mercredi|jeudi|vendredi|#
        a mon retour
        bureaux|bureau|agence|entreprise ~4 fermes|ferme|fermee|fermera
        hors du bureau
        acces limite|restreint
        fuera de [la] oficina
        de|en vacaciones
        respuesta automatica
        mensaje automatico
        ausente|ausencia ~4 de|hasta|oficina|por|del
        baja medica|maternal|paternal
        permiso de maternidad|paternidad
        a mi regreso|vuelta
        estare|estaremos|estoy ~4 fuera|ausente|vacaciones|cerrados
        fuori ufficio|sede
        in ferie
        risposta automatica
        assente ~3 dal|fino|dall|per|ufficio
        saro assente
        al mio rientro
        chiusi|chiuso ~2 per|dal|fino
        fora do escritorio
        fora da empresa
        de|em ferias
        resposta automatica
        ausente ~3 do|ate|de|por
        licenca maternidade|medica|parental
        afwezig
        afwezigheid*
        niet op|aanwezig kantoor|op
        op|met vakantie|verlof|zwangerschapsverlof
        automatisch antwoord|bericht
        automatische reactie
        weer ~2 aanwezig|bereikbaar|kantoor
        beperkt bereikbaar
        pa semester|kontoret|föräldraledighet|tjänsteresa
        franvaro*
        föräldraledig
        autosvar
        automatiskt|automatisk svar|meddelande|besked
        tillbaka|tilbage pa|igen|den|kontoret
        pa ferie|barsel|kontoret|orlov|reise
        fraværende
        barselsorlov
        ute av|fra kontoret
        fraværsmelding
        poza biurem
        na urlopie|zwolnieniu
        urlop ~2 do|od|macierzynski*
        nieobecn*
        automatyczna odpowiedz
        odpowiedz automatyczna
        i only work|working
        my|normal|usual working|work days|hours
        meine arbeitszeiten|arbeitstage|bürozeiten
        erreichen ~3 mich|uns ~2 wieder|ab
        bank|public holiday
        feiertag|feiertags
        volvere|vuelvo|regreso|regresare el|a|al|de
        serai|sommes|suis ~2 de retour
        en|je deplacement
        left the company
        time off with
        attending ~2 training|conference|event|fair
        im krankenstand
        bin|ist|zurzeit krank|erkrankt
        """

    static let bounce = """
        undelivered|undeliverable ~1 mail|message|email|returned
        undeliverable
        mail|message|email delivery|system ~1 failed|failure|failures|subsystem|error|failing
        delivery status notification
        delivery [has|have] failed
        delivery to ~4 failed
        delivery failure|error|problem|incomplete
        failed ~2 deliver|delivery|permanently
        failure notice
        returned mail
        returned|returning ~2 message ~2 to sender
        returned to [the] sender
        wasnt|couldnt|not|cannot|unable ~3 delivered|deliver|deliverable
        user unknown|suspended|inactive|disabled
        unknown user|recipient|mailbox|address|account
        no such user|recipient|mailbox|address|person|domain
        address not found|valid
        recipient not found
        mailbox|inbox|quota|storage|postfach ~3 full|exceeded|unavailable|disabled|inactive|voll
        mailbox not found
        over quota
        quota exceeded
        address|recipient|sender|message|mail|email ~2 rejected|refused
        recipient|email|address|account|mailbox|user|domain ~4 not exist
        recipient|email|address|account|mailbox|user|domain ~4 doesnt exist
        relay|relaying|access denied
        host ~1 unknown|not
        permanent [fatal] error|errors|failure
        mailer daemon
        mailerdaemon
        postmaster $
        unzustellbar*
        nicht ~3 zugestellt|zustellbar|übermittelt
        zustellung ~4 fehlgeschlagen|gescheitert
        empfänger|adresse|postfach ~3 unbekannt|existiert|voll
        non remis|distribue|delivre|distribuable|remise
        pas ~3 remis|distribue|delivre|remise|delivree
        echec de [la] remise|livraison|distribution
        adresse introuvable|inconnue
        no ~4 entregar|entregado|entregarse
        correo|mensaje devuelto
        error de entrega
        mancata consegna
        impossibile recapitare|consegnare
        nao ~3 entregue|entregar
        niet ~3 bezorgd|afgeleverd
        onbestelbaar*
        kunde inte|ikke levereras|leveres
        nie dostarczono
        niedostarczon*
        """
}
