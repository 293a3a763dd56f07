/// What somebody wants who answers: to talk, to know, to be left for now, to hand on.
enum IntentPhrases {
    static let interest = """
        im|am|we|were|are|very|really|definitely|certainly|would|be|quite|extremely|super|potentially|also interested
        interested in ~3 learning|hearing|your|this|seeing|a|more|the|knowing|finding|discussing|exploring|trying
        ^ interested
        sounds|looks|seems|looking|sound|look|that|this|is|be ~2 good|great|interesting|useful|promising|awesome|amazing|perfect|fantastic|excellent|cool|exciting|compelling|helpful|intriguing|wonderful|nice|lovely|brilliant|super|exactly
        love|like|happy|glad|keen|eager|open|excited|delighted|curious|want|ready to ~2 learn|hear|see|know|chat|talk|discuss|explore|meet|try|connect|start|move|proceed|find|schedule|set|test|give|book|get|join|speak|buy|order|sign|have|jump|hop
        lets|let us|s ~1 talk|chat|do|start|go|schedule|meet|connect|discuss|set|book|proceed|move|get|speak|try|hop|jump|make|explore|arrange|begin
        tell me|us more
        sign me|us up
        count me|us in
        im|we|were|are|am in !|$
        yes|yep|yeah|sure|absolutely|definitely|ok|okay|yup|certainly|gladly ~1 please|lets|that|sounds|interested|we|id|im|go|send|call|why|thing|would|great|absolutely|works|happy
        ^ yes $
        ^ sure $
        ^ absolutely
        go ahead
        move forward
        next steps|step
        how do we ~1 start|begin|proceed|get
        where do i|we sign
        send ~3 contract|proposal|quote|agreement|invoice|offer|paperwork
        exactly what|like ~3 need|looking|wanted|we|i
        been looking|searching|waiting for
        looking forward
        perfect timing
        good|great|right timing
        caught my|our attention|eye|interest
        right up ~2 alley
        worth ~2 chat|call|conversation|look|discussing|exploring|try|shot
        give it|this|you a try|shot|go
        sold
        bin|sind|wären|wäre|sehr|durchaus|grundsätzlich|auch|generell|hätte|hätten|haben|habe|hab|großes|prinzipiell|definitiv ~2 interessiert|interesse
        klingt|hört|sieht|liest|finde|finden|wäre ~5 gut|interessant|spannend|super|toll|vielversprechend|klasse|perfekt|prima|hervorragend
        sehr|ganz|echt gern|gerne|interessant|spannend
        ja gern|gerne|bitte|klar|natürlich|das|sehr
        ^ gern|gerne|klar|einverstanden
        gern|gerne ~6 mehr|kennenlernen|sprechen|telefonieren|treffen|termin|erfahren|austauschen|unterhalten|anhören|ausprobieren|testen|an|zurück|vorbei
        freue|freuen ~3 auf
        legen|lassen|fangen|starten|machen|probieren wir|sie|uns ~4 los|sprechen|telefonieren|an|treffen|das|vereinbaren|es|aus
        genau ~2 was|das|unser|richtig
        wir möchten|wollen|würden ~8 starten|beauftragen|buchen|bestellen|beginnen|testen|zusammenarbeiten|ausprobieren
        schicken|senden ~5 angebot|vertrag|auftrag
        je|suis|serais|sommes|serions|tres|vivement|bien interesse|interessee|interesses|interessees
        m|nous interesse ~3 beaucoup|fortement|$|vraiment
        ca|cela|c|votre|offre|proposition ~3 interesse|interessant|interessante|super|parfait|tente|genial
        c est|serait tres|vraiment bien
        ca|cela me|nous va bien
        avec plaisir
        volontiers
        bonne idee
        d accord ~1 pour|$|on
        oui ~1 je|avec|bien|volontiers|pourquoi|tout|parfait|ca|interesse
        parlons en
        curieux|curieuse|hate de
        me|nos interesa|interesaria|encantaria|gustaria|parece|encanta|suena
        estoy|estamos|estaria|estariamos|muy interesado|interesados|interesada
        suena|parece|pinta|se ve ~2 bien|interesante|genial|perfecto|estupendo|fenomenal
        con [mucho] gusto
        claro que si
        si ~2 claro|gracias|encantado|adelante|interesa|por|perfecto
        adelante
        de acuerdo
        hablemos
        sono|siamo|molto|sarei interessato|interessati|interessata
        mi|ci interessa|piacerebbe|interesserebbe
        volentieri
        sembra|suona interessante|bene|ottimo
        tenho|temos|estou|muito interesse|interessado|interessados|interessada
        parece|soa interessante|otimo|bom|bem
        ben|zijn|heb|hebben ~3 geïnteresseerd|interesse
        klinkt goed|interessant|leuk
        graag ~4 meer|afspraak|gesprek|bellen|kennismaken
        är|ar|vi|jag|er intresserad|intresserade|interesseret|interesserede|interessert
        lyder|later|låter|høres ~2 spännande|bra|intressant|spændende|godt|interessant
        gärna|gerne
        brzmi ~2 dobrze|ciekawie|interesujaco|swietnie
        jestem|jestesmy ~1 zainteresowan*
        chetnie
        """

    /// Interest that is denied: `not interested`, `kein Interesse`.
    static let negatedInterest = """
        not|arent|isnt|im|no|aint|dont|never ~1 not|really|longer|particularly|very|currently|actually|that|overly|think|all|at|so interested|interest|interesting
        not interested|interesting
        no|zero|little|lack|without|any|lost|not interest
        uninterested
        disinterested
        dont|doesnt|does|do ~2 interest me|us
        not|isnt|arent|wouldnt|wont|dont ~4 interested
        kein|keinerlei|keines|null ~2 interesse
        nicht ~4 interessiert|interessant|interesse
        interessiert|interessieren ~4 nicht|kaum
        desinteresse
        pas|aucun|plus|sans ~2 interesse|interessee|interesses|interet|interessees|interessant
        ne m|nous interesse pas
        no|ningun|nada ~4 interesa|interesado|interesados|interesada|interes|interese
        non|nessun ~3 interessa|interessati|interessato|interesse|interessata
        nao|sem|nenhum ~3 interesse|interessa|interessados|interessado|interessada
        geen|niet ~3 interesse|geïnteresseerd
        inte|ej|ikke|inget ~3 intresserad|intresserade|intresse|interesseret|interesserede|interesse|interessert
        nie ~2 zainteresowan*|interesuje
        brak zainteresowania
        """

    static let meeting = """
        call|ring|phone me|us
        give me|us a call|ring|buzz|shout
        schedule|book|arrange|set|setup|organize|organise|plan|grab|find|have|do|fix ~3 call|meeting|demo|chat|time|appointment|slot|zoom|coffee|conversation|session|walkthrough|date
        lets|can|could|shall|happy|love|like|want|free|available|open|meet|to ~3 talk|chat|meet|speak|call|connect|zoom
        quick|short|brief|15|30|minute|min|phone|video|intro|discovery|introductory call|chat|meeting|demo|zoom
        works|work|suits|good|fine|great|ok ~1 for me|us
        monday|tuesday|wednesday|thursday|friday|tomorrow|morning|afternoon|week works|work|is|at|would|suits|good|fine|or
        around ~1 monday|tuesday|wednesday|thursday|friday|tomorrow|next|this
        available|free|open ~4 monday|tuesday|wednesday|thursday|friday|tomorrow|next|this|week|at|on|afternoon|morning
        what time|times|day|days ~2 work|works|suit|suits|are|is|you|would
        when ~3 available|free|talk|meet|call|speak|time|chat
        calendar|calendly|calender
        send|share|propose|suggest ~4 times|slots|calendar|invite|invitation|availability|link|time|dates
        demo
        rufen|ruf|melden|meld ~3 mich|uns|an|sich|bei|durch
        termin*
        telefonat|telefonieren|telefonisch|telefon
        montag|dienstag|mittwoch|donnerstag|freitag|morgen|nachmittag|woche ~4 passt|uhr|zeit|möglich|gut|passen|telefonieren|sprechen
        passt|passen ~4 montag|dienstag|mittwoch|donnerstag|freitag|morgen|ihnen|dir|mir|uns|woche
        hätte|habe|haben|hätten ~4 zeit
        zeitfenster|kalender|videocall|kennenlernen|kennenlerngespräch|erstgespräch
        appelez|appeler|rappelez|rappeler ~2 moi|nous|me|#
        rendez vous
        rdv|creneau|creneaux|agenda|visio
        disponible|dispo|libre|libres|disponibles ~4 lundi|mardi|mercredi|jeudi|vendredi|demain|semaine|le|a|la
        echanger|discuter ~5 telephone|visio|semaine|lundi|mardi|mercredi|jeudi|vendredi|demain
        llameme|llamame|llamenos|llamadme
        llamada|reunion|cita|videollamada|agendar|agendemos|reunirnos|hablamos
        disponible|libre|bien ~4 lunes|martes|miercoles|jueves|viernes|manana|semana
        lunes|martes|miercoles|jueves|viernes|manana ~4 bien|perfecto|horas|va|viene|hablar|llamar|parece
        appuntamento|chiamata|chiamatemi|incontro|videochiamata|sentiamoci
        reuniao|chamada|ligue|agendar|conversar
        afspraak|bel|bellen|kennismaken
        möte|mote|ring|ringa|møde
        spotkanie|zadzwon*|rozmow*
        """

    static let information = """
        send|share|email|forward|provide|drop|shoot|get|give ~2 me|us|over|across|along|through ~5 details|info|information|brochure|deck|pricing|examples|case|material|more|overview|presentation|proposal|pdf|prices|portfolio|samples|data|quote|some|price|link|anything|the|profile|list
        send|share|provide|email|forward ~4 details|info|information|brochure|deck|pricing|examples|case|materials|material|overview|presentation|proposal|pdf|prices|portfolio|samples|quote|estimate
        more|further|additional|some|any info|information|details|detail|context|material
        learn|know|hear|find|read more
        schicken|senden|schick|send|zukommen|lassen|übermitteln|mailen ~5 informationen|infos|unterlagen|details|angebot|preise|preisliste|beispiele|broschüre|material|referenzen|info|präsentation|mehr
        mehr|nähere|weitere|genauere|weiterführende informationen|infos|details|erfahren|unterlagen|angaben
        envoyez|envoyer|transmettre|faire|partager|transmettez ~5 informations|infos|documentation|details|tarifs|devis|brochure|exemples|plaquette|proposition|presentation|references
        plus|davantage d informations|infos|details
        en savoir plus
        envie|enviar*|envien|mandar*|mande|manden|mandame|enviame|compart* ~5 informacion|info|detalles|precios|presupuesto|folleto|ejemplos|propuesta|dossier|catalogo|tarifas
        mas informacion|info|detalles
        saber mas
        mandate*|inviate*|mandi|inviare|inviarmi ~5 informazioni|dettagli|prezzi|preventivo|brochure
        piu|maggiori informazioni|dettagli
        enviar|envie|enviem|mandar ~5 informacoes|detalhes|precos|proposta
        mais informacoes|detalhes
        stuur|sturen ~5 informatie|info|prijzen|offerte|brochure
        meer informatie|info
        skicka|sende|send ~4 information|info|priser|mer|mere|oplysninger
        mer|mere information|info
        prosz* ~2 przesl* ~4 informacj*|ofert*|cennik*|szczegol*
        wiecej informacji|szczegolow
        """

    static let referral = """
        speak|talk|contact|reach|ask|email|write|connect|get|try|address|direct|approach|refer ~4 my|our|the|to|with|in|out|instead ~3 colleague|coworker|manager|boss|director|head|team|assistant|department|cto|ceo|cmo|cfo|coo|lead|marketing|colleagues|partner|it|sales|procurement|vp|office
        my|our|a colleague|coworker|collegue|colleage|counterpart|successor|replacement
        please|should|rather|better|best|could|kindly|instead|would ~3 contact|ask|email|reach|write|speak|talk|approach ~3 @
        contact|ask|email|reach|write|try|to|at|cc|with|via|is|copying|copied|on|person ~5 @
        ccing|cced|looping|looped|copying|copied|adding|introducing|connecting
        cc ~1 here|in|on|her|him|my|is
        loop|loops in
        forwarded|forwarding|passed|passing|forward|pass|sent|hand|handed|pass ~5 to|on|along|onto|over
        not|isnt|arent|im|wrong ~3 right|correct|responsible|best|wrong|appropriate|proper ~2 person|contact|for|one|department|guy|address|people
        wrong person|department|contact|guy|address
        right|best|correct|better|appropriate|proper|contact person|contact|one|address ~3 is|to|would|for|person
        not responsible|incharge
        in charge of
        responsible for
        handles|handle|deals|manages|oversees|owns|runs|leads|takes|decides|looks|responsible ~4 this|that|these|marketing|such|all|our|it|after|advertising|sales|for|with|care
        no longer work|working|with|employed|responsible|handle|handling|in|at|part
        moved|left|changed ~3 company|role|team|department|position|roles|teams|jobs
        ask for|him|her|them
        get in touch with
        wenden|wende|kontaktieren|schreiben|sprechen|fragen|richten|melden ~5 an|meinen|meine|herrn|frau|kollegen|kollegin|unseren|unsere|bitte|bei ~4
        herrn|frau ~5 wenden|kontaktieren|zuständig|sprechen|ansprechpartner
        ansprechpartner*
        zuständig*
        kollege|kollegin|kollegen|vorgesetzter|nachfolger|nachfolgerin
        weitergeleitet|weiterleiten|weitergegeben|weitergereicht|leite|gebe ~4
        leite|gebe ~6 weiter
        nicht ~3 zuständig|verantwortlich|richtige|richtiger
        falsche|falscher|falschen ansprechpartner|person|adresse|abteilung
        richtige|richtiger|bessere|beste ansprechpartner|ansprechpartnerin|person|adresse|kontakt
        arbeite|arbeitet ~3 nicht mehr
        in cc|kopie
        adressez|contactez|contacter|ecrivez|voyez|adresser|joindre|parlez ~5 collegue|responsable|directeur|directrice|service|monsieur|madame|mme|mr|m|equipe|@
        collegue|consoeur|confrere
        bonne|bon|mauvais personne|interlocuteur|interlocutrice|contact
        transfere|transmis|transmets|transfer|transmettre|fais ~5 a|suivre|collegue|responsable|direction|equipe
        charge|charg|responsable|s occupe ~3 de|du|marketing|qui
        ne ~2 travaille plus
        contacte|contactar|escriba|hable|hablar|dirigirse|dirijase|pregunte|comuniquese|escribir|hablad ~5 companero|companera|colega|responsable|director|directora|departamento|jefe|jefa|senor|senora|@|con
        companero|companera|colega
        persona|contacto adecuada|correcta|indicada|adecuado|responsable|correcto
        reenviado|reenvio|remitido|pasado|reenviar|paso|derivado ~4 a|al
        encargado|encargada|responsable ~2 de|del|es
        ya no trabajo|trabaja
        si rivolga|rivolgersi|contatti|contattare ~4
        mio|mia collega
        inoltrato|girato ~4
        fale|contacte|falar|contate|escreva ~3 com|meu|minha|a|o
        meu|minha colega
        encaminhei|reencaminhei
        mijn collega
        doorgestuurd
        neem contact op met
        verantwoordelijk*
        min|kollega
        vidarebefordrat
        ansvarig
        videresendt
        ansvarlig
        moj* koleg*|kolezank*
        przekaza*
        osob* odpowiedzialn*
        she|he|they|who is|are ~2 one|person who|for
        not me
        voyez|vois avec
        si occupa|occupe|occupent de
        se|s encarga|occupa|occupe
        mr|mrs|ms|monsieur|herr|frau|senor ~3 handles|zuständig|responsible|occupe|charge
        tag fat i
        """

    static let question = """
        ^ how|what|which|where|who|why|when|whats|hows ~15 ?
        ^ do|does|can|could|is|are|will|would|did|have|has|should|may|am ~18 ?
        how much|many|long|often|does|do|is|are|would|soon|exactly
        what is|are|does|do|kind|sort|would|about|exactly|makes|happens|if|experience
        whats included|the|your|your
        do|does|can|could you|it|your ~6 offer|have|support|provide|work|integrate|handle|cover|do|ship|guarantee|include|also|explain|clarify|elaborate|give|need|require|use
        is|are there|it|that|this|these|you ~10 ?
        which countries|industries|channels|tools|companies|languages|platforms|systems|package|clients|customers
        cost|price|charge|costs|pricing|prices|fee|fees|rates ~8 ?
        question|questions|wondering|clarify|clarification|curious
        wie|was|welche|welcher|welches|wo|wer|wann|warum|wieso|weshalb|woher|wieviel|wozu|womit|inwiefern|welchen ~16 ?
        ^ haben|gibt|können|bieten|ist|sind|kann|könnten|arbeiten|machen|hat|wird|geht|lässt|kostet|unterstützen|übernehmen ~18 ?
        wie funktioniert|viel|lange|oft|sieht|genau|teuer|hoch|läuft
        was kostet|kosten|beinhaltet|genau|ist|bedeutet|heißt|unterscheidet|macht
        frage|fragen
        combien|comment|quel|quelle|quels|quelles|pourquoi|quand|qui|ou ~15 ?
        est|avez|pouvez|proposez|faites|travaillez|peut|y|qu ~2 ce|vous|il|on|a|t ~14 ?
        question|questions
        cuanto|cuanta|cuantos|como|que|cual|cuales|donde|quien|cuando ~15 ?
        tienen|ofrecen|hacen|trabajan|pueden|puede|es|hay|tiene|podrian|incluye|ofrece|podria ~14 ?
        cuanto cuesta|vale|tiempo|costaria|tarda
        pregunta|preguntas|duda
        quanto|come|quale|quali|cosa|che|dove|chi ~15 ?
        quanto|como|qual|quais|que|onde|quem ~15 ?
        hoe|wat|welke|waar|wie|hoeveel ~15 ?
        hur|vad|vilka|vilken|hvor|hvad|hva|hvilke|hvordan ~15 ?
        ile|jak|jaki|jakie|ktore|gdzie|co|czy ~15 ?
        """

    static let thanks = """
        ^ thanks|thank|thx|cheers $
        ^ thank you $
        ^ thanks ~4 $
        ^ ok|okay|noted|received|understood|gotcha|got|great|alright|👍 [it|thanks|thank|you] $
        received|confirmed|noted $
        will|ill look|read|review|check|think|have|get|take|come ~6
        ^ danke|dank|merci|gracias|grazie|obrigado|bedankt|tack|tak|dziekuje [schön|sehr|bien|beaucoup|mille] $
        ^ vielen|besten|herzlichen|muchas|mille dank|gracias|grazie|mercis $
        zur kenntnis
        bien recu|recibido
        recibido
        happy|merry birthday|christmas|new|holidays|easter
        congratulations|congrats
        """
}
