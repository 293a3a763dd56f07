/// What speaks against a purchase, by its kind.
enum ObjectionPhrases {
    static let price = """
        above|beyond ~2 our|my ~1 means|reach|possibilities
        out of ~2 proportion|reach
        nothing|no ~3 left ~4 pot|budget|kitty
        übersteigt|übersteigen|überschreitet ~3 möglichkeiten|mittel|budget|rahmen
        mittel|gelder|etat ~5 ausgeschöpft|erschöpft|verplant|gebunden|aufgebraucht|gestrichen
        au dessus|dela de ~2 moyens|budget|possibilites
        se ~2 va|sale|escapa|pasa de ~2 presupuesto|manos|alcance
        por encima de ~3 posibilidades|presupuesto
        too|quite|rather|very|pretty|bit|so expensive|pricey|costly|steep
        expensive|overpriced|unaffordable
        out of ~2 budget|league|range
        over ~1 budget
        cant|cannot|couldnt|not afford
        no|not|without|limited|tight|small|tiny|zero|dont|lack|insufficient|little ~4 budget|funds|funding|budgets
        budget ~4 tight|frozen|exhausted|spent|limited|cut|small|gone|used|allocated|freeze
        more than ~3 pay|spend|budget|willing|want
        cheaper
        price|prices|cost|fee|fees|rate|rates ~4 high|much|steep|insane|ridiculous|outrageous
        cost|costs too much
        that|too much money
        zu teuer|kostspielig|hoch
        teuer
        kein|keine|ohne|wenig|knappes|kleines ~2 budget|geld|mittel
        budget ~5 erschöpft|verplant|aufgebraucht|ausgeschöpft|knapp|gestrichen|eingefroren|ausgegeben
        sprengt ~3 budget
        nicht leisten
        preis*|kosten ~5 hoch|happig|günstiger
        günstiger
        trop|tres|assez|un|plutot cher|chere|chers|onereux
        hors|depasse ~2 budget
        pas ~4 budget|moyens
        budget ~4 serre|limite|epuise|boucle|gele
        prix|tarif|tarifs ~4 eleve|eleves|excessif
        demasiado|muy|bastante|mas|tan caro|cara|caros|elevado
        no|sin ~4 presupuesto|dinero
        presupuesto ~4 limitado|agotado|ajustado|congelado|cerrado
        fuera de ~2 presupuesto
        precio ~3 alto|elevado
        troppo caro|costoso|alto
        budget ~2 esaurito
        muito|demasiado caro
        sem orcamento|verba
        te duur
        geen budget
        for|for|alldeles dyrt|dyr
        ingen budget
        za drogo
        za drogie
        minimum term
        half the price
        for ~3 less|cheaper
        worth the money
        not ~2 pay ~2 that|this|much
        """

    static let timing = """
        bad|wrong|not|terrible|poor ~3 timing|time|moment
        timing ~3 bad|off|wrong|isnt|not|right
        too busy|swamped|early
        swamped|slammed|snowed
        no|not|dont ~4 capacity|bandwidth|time|priority
        middle of ~4 migration|relaunch|project|move|merger|launch|season|restructuring|audit|fundraising|rebrand
        hiring|budget|spending freeze
        other|different|bigger|more ~1 priorities
        keine|wenig|fehlt ~3 zeit|kapazität|kapazitäten
        falscher|ungünstiger|schlechter|unpassender zeitpunkt|moment
        zeitpunkt|timing ~4 ungünstig|schlecht|unpassend|passt
        andere prioritäten|themen
        zu früh|beschäftigt|viel
        mitten in|im
        pas ~3 moment|temps|priorite
        mauvais moment|timing
        autres priorites
        trop|tres occupe|occupes|tot
        no ~4 momento|tiempo|prioridad
        mal momento
        otras prioridades
        momento sbagliato
        geen tijd|prioriteit
        """

    static let competitor = """
        already have|work|working|use|using|got|partnered|signed|contracted|hired|engaged|covered|partner ~5 agency|agencies|provider|vendor|supplier|partner|team|someone|somebody|company|firm|solution|tool|freelancer|one|consultant|with|person|that|this|it
        we|i [have|ve] chosen|picked|selected|decided|signed ~4 another|other|different|someone|competitor|with
        gone|went|going|go with ~1 another|someone|other|different|competitor
        another|other|different|current|existing|present supplier|vendor|provider|agency|partner|company|firm|solution|tool
        happy|satisfied|pleased|content|good|fine|sorted|covered|set ~3 with ~2 current|our|existing|what|who|them|present
        inhouse
        in house
        do|does|doing|handle|handled|handles|manage|managed|keep|done ~4 ourselves|myself|internally|inhouse|internal
        internally|internal ~2 team|people|department|marketer|staff
        our|my own team|people|marketing|department|staff|agency|solution
        have|has|got ~3 own|dedicated|internal|fulltime ~2 team|marketer|person|department|people
        covered|sorted|set $
        all set
        locked in|into ~3 agency|provider|vendor|supplier|contract
        bereits|schon ~6 agentur|anbieter|dienstleister|partner|partneragentur|lösung|jemanden|team|lieferanten|versorgt
        arbeiten ~6 mit ~4 agentur|anbieter|dienstleister|partner|zusammen
        haben|hat ~4 eigene|eigenes|eigenen|interne|internes ~2 team|abteilung|marketing*|leute|marketingabteilung
        machen|machts|erledigen|lösen|betreuen ~4 selbst|selber|intern|inhouse|hausintern
        intern ~3 gelöst|abgedeckt|besetzt|betreut
        anderen|andere|anderer|bestehende|bestehenden|feste|bisherigen anbieter|agentur|dienstleister|partner|lieferanten
        für ~3 anderen|andere entschieden
        zufrieden mit
        sind ~4 zufrieden|versorgt
        gut aufgestellt|versorgt|betreut
        deja ~6 agence|prestataire|partenaire|fournisseur|quelqu|solution|equipe|outil
        avons|avec ~3 agence|prestataire|partenaire|equipe interne|actuel|actuelle|historique|attitre
        autre prestataire|agence|fournisseur|solution
        en interne
        equipe interne
        faisons|gerons|occupons ~4 nous memes
        par nous memes
        satisfaits|satisfait|contents ~3 de|avec
        ya ~5 agencia|proveedor|equipo|alguien|solucion|empresa|herramienta|colaborador
        otra|otro agencia|proveedor|empresa
        equipo interno
        equipo propio
        hacemos|gestionamos|llevamos ~4 nosotros mismos
        internamente
        contentos|satisfechos|contento ~2 con
        gia ~5 agenzia|fornitore|partner|qualcuno|soluzione
        internamente
        altro fornitore
        ja ~4 agencia|fornecedor|equipa|equipe|parceiro
        al|reeds ~5 bureau|leverancier|partner|partij|oplossing|agency
        zelf intern|doen
        redan|allerede ~5 byra|leverantör|leverandør|partner|bureau|byrå
        juz ~4 agencj*|dostawc*|partnera|kogos
        agency|agencies|provider|partner|supplier|freelancer|nephew|consultant|someone|team ~3 does|do|handles|takes|already|doing
        takes care of
        abbiamo|avete gia
        hebben|vi|mamy al|har|juz ~2 bureau|byra|agencj*
        competitor|wettbewerber|konkurrent|konkurrenten ~3 offered|offers|quoted|charges|does|macht|betreut|beauftragt|angeboten|bietet|günstiger|cheaper
        signed|chosen|gone|went|signing with ~1 a|another|somebody|someone ~1 else|agency|firm|competitor|different
        für ~1 jemand|jemanden|einen anderen|andere|anderes ~1 entschieden
        signer|signe|choisi|conclu ~2 avec|pour ~2 autre|quelqu
        firmado|firmar|elegido|contratado ~2 con|a ~1 otra|otro|alguien
        """

    static let noNeed = """
        dont|not|no|doesnt|never|have need|needed|require|required|necessary ~3 this|that|it|any|your|such|these|service|services|right|at|for|help
        dont|doesnt|no|not|never need
        no|not|any use|need|demand|requirement|requirements ~1 for|of
        not|isnt|doesnt|dont ~2 relevant|fit|applicable|apply|match|right|suitable
        not [really|quite] a|the [good|right|great] fit|match
        nothing ~3 need|for us
        dont|not do|use|run|sell|have|need ~2 marketing|advertising|ads|outreach|online
        not|dont ~3 looking|seeking|searching|market ~4 this|that|new|services|right|additional|for|any|anything
        what ~3 use for
        kein|keinen|keinerlei ~2 bedarf
        brauchen|benötigen|brauche|benötige ~6 nicht|kein|keine|keinen|nichts
        nicht ~2 relevant|passend|benötigt|notwendig|nötig|erforderlich
        passt ~4 nicht
        pas|aucun|aucune ~2 besoin|utilite|besoins
        pas ~3 pertinent|adapte|necessaire|utile|concernes|concerne
        no ~3 necesitamos|necesito|necesario|necesidad|encaja|relevante|hace
        no ~2 bisogno|necessario|serve|interessa
        nao ~2 precisamos|preciso|necessario|necessitamos
        geen|niet ~2 behoefte|nodig|relevant
        inget|inte|ikke ~2 behov|behöver|brug|relevant
        nie potrzebuj*
        """

    static let trust = """
        scam|scammers|scammer|fraud|phishing|shady|sketchy|fishy|legit|legitimate|trustworthy|dodgy|bogus
        never heard of
        who are you
        how ~4 know ~4 real|legit|work|works|true|trust
        how|where ~4 get|got|find|found|obtain|have ~2 my|our|this|me ~2 email|address|contact|name|number|details|data
        bad|poor|terrible|horrible|mixed|burned|burnt|awful|negative|disappointing experience|experiences|reviews|results|agency|agencies
        been|got|were burned|burnt|scammed|ripped|disappointed
        burned|burnt ~4 agency|agencies|before|past|times|twice|once
        dont|not|cant|hard|difficult|hardly ~3 trust|believe|convinced
        skeptical|sceptical|sceptic|skeptic|doubt|doubtful|unconvinced|suspicious
        too good to be true
        sounds|looks|seems ~3 fake|bot|automated|generated|suspicious|generic
        proof|guarantee|guarantees|guaranteed
        what makes you ~2 different|better
        unseriös|betrug|dubios|abzocke|fragwürdig|vertrauenswürdig|skeptisch|misstrauisch|zweifel|bezweifle
        schlechte|keine guten|negative ~1 erfahrung|erfahrungen
        woher ~4 meine|unsere|adresse|daten|mail|email|kontakt|kontaktdaten
        nie ~2 gehört
        garantie|beweis|nachweis
        arnaque|escroquerie|mefiant|sceptique|doute|doutes|fiable|serieux
        mauvaise|mauvaises experience|experiences
        comment ~5 eu|obtenu|trouve ~3 adresse|mail|coordonnees|contact
        jamais entendu parler
        estafa|timo|fraude|desconfio|dudas|dudo|esceptico|confianza|fiable
        mala|malas experiencia|experiencias
        como|donde ~4 conseguido|consiguio|obtuvo|obtenido|sacado|tienen|tiene ~3 correo|email|datos|contacto|direccion
        dont|not|hard|cant|cannot|fail ~2 see ~3 how|why|value|point|benefit|what|need
        no point
        worth ~2 money|it
        not ~3 convincing|convinced
        promise|promises|promised this|that|it|the|results|everything
        another|tenth|hundredth|every agency|pitch
        unglaubwürdig|funktioniert nicht
        verspricht|versprechen|promet|promettent|prometen
        """

    static let authority = """
        not|isnt ~3 decision|decisionmaker|decider
        not ~1 my ~1 decision|call|area|responsibility|department|remit
        need|have|must|got|should|needs|ll|will|let|want|has to|me ~3 ask|check|consult|talk|speak|discuss|run|clear|approve|approval|sign|convince|confirm ~3 with|my|our|by|past|the|from|it ~3 boss|manager|ceo|cfo|cmo|board|partner|partners|director|management|team|owner|husband|wife|procurement|legal|headquarters|hq|supervisor|colleagues|finance|chef|founder|cofounder
        boss|ceo|cfo|board|management|headquarters|hq|procurement|director|owner ~4 decides|decide|approve|approves|approval|say|agree|sign|decided|against|refused|signs
        approval from|of|by
        cant|cannot|not ~2 decide|authorized|authorised|approve|allowed ~3
        above my pay
        decided|handled|managed|made|done|driven ~3 headquarters|hq|centrally|corporate|group|parent
        not ~1 in charge|position
        nicht ~3 entscheide|entscheiden|entscheider|befugt|zuständig
        entscheidet|entscheiden ~5 chef|geschäftsführer|geschäftsführung|vorstand|zentrale|konzern|mutterkonzern|inhaber|leitung
        muss|müssen|müsste|müsste ~6 chef|chefin|geschäftsführer|geschäftsführung|vorstand|kollegen|team|vorgesetzten|partner|abstimmen|rücksprache|absprechen|freigabe|freigeben
        chef|chefin|geschäftsführer|geschäftsführung|vorstand|zentrale ~5 entscheidet|zustimmen|abstimmen|fragen|freigeben|sprechen
        rücksprache ~3 chef|geschäftsführung|vorstand|team|kollegen
        pas ~3 decide|decideur|decisionnaire|decision
        dois|doit|devons|faut ~5 demander|consulter|valider|parler|voir ~4 chef|patron|direction|associe|directeur|directrice|responsable|equipe|hierarchie
        direction|patron|siege ~4 decide|valide|tranche
        no ~3 decido|decision|responsable|autorizado
        tengo|tenemos|debo|hay que ~2 consultar|consultarlo|preguntar|preguntarle|hablar|hablarlo|validar ~4 jefe|jefa|director|direccion|socio|socios|equipo|gerencia|gerente
        not ~3 one who decides|decide
        decision|decisions ~6 made|taken ~4 headquarters|hq|head|group|above|elsewhere|parent|owner|board
        never allow|agree|approve
        entscheidungen|entscheidung ~5 zentrale|konzern|geschäftsführung|chef|vorstand
        nie|niemals zustimmen
        contre|contra $
        """

    static let contract = """
        under|have|tied|bound|locked|in|into|signed|contractual ~3 contract|contracts|agreement|contractually
        contract|agreement|subscription ~5 until|till|ends|expires|runs|renews|through|another|next|end|expire|up
        contractually bound|obliged|obligated|tied|committed
        years|year|months|month left|remaining ~2 contract|agreement
        vertrag*|verträge ~6 bis|läuft|laufzeit|gebunden|ende|verlängert|gekündigt|noch
        vertraglich gebunden|verpflichtet
        gebunden bis|an|noch
        laufenden|bestehenden|laufender|bestehender vertrag
        contrat ~5 jusqu|en|court|engage|exclusivite|cours|actuel
        engages|engage ~3 contrat|jusqu|avec|pour
        sous contrat
        contrato ~5 hasta|vigente|firmado|vence|exclusividad|actual
        contratto ~4 fino|scade|vigore
        contract ~3 tot|loopt
        """
}
