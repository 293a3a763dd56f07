/// How people ask a machine for a person, and how they say that none is needed.
enum HandoverPhrases {
    /// People who answer for a firm.
    private static let people = """
        agent|agents|human|humans|person|people|operator|operators|representative|representatives|rep|\
        advisor|adviser|consultant|specialist|expert|supervisor|manager|employee|colleague|staff|reception|\
        receptionist|teammate|member|technician|boss|owner|superior|assistant
        """
    /// What only people are called.
    private static let surely = """
        agent|agents|human|humans|operator|representative|rep|advisor|adviser|supervisor|receptionist|\
        consultant|employee
        """
    private static let anyone = "someone|somebody|anyone|anybody|sb|support|else|reception|sales|team"

    static let english = """
        ^ 0|zero|operator $
        ^ press|pressing|pressed|dial|hit|push ~1 0|zero $
        ^ 0 0
        i|we|im|ive|weve [am|are|have] give|gave|given|giving up [now|here|already|completely|again|trying|really] $
        i|we am|are done [now|here|already|completely|trying] $
        i|we|id|ill|im ~1 give|giving up ~2 on|with|talking ~2 bot|this|you|machine|chat
        forget|leave it|that|this ~2 $
        why|wont|wouldnt|cant|refuse|refuses|refusing|still|never|didnt|dont|arent|havent|instead you|u|this|it|ye|to ~3 transfer|connect|escalate|put|pass ~2 me|us|my|this|it
        you ~2 never|not|didnt|havent|wont|refuse|refused|keep|still|dont ~3 transferred|transfer|transferring|connected|connect|connecting|escalated|escalate|put|passed ~1 me|us|my|this
        not ~1 another bot|robot|machine|menu|faq|article|link
        no more articles|links|faqs|menus|options|help|faq|automated|automatic|canned
        anybody|anyone|someone|somebody ~1 home|alive|there|human|awake
        flesh|warm and|body ~2 blood
        someone|somebody|anyone|person ~2 pulse|brain|heartbeat
        speak|talk|chat to|with ~2 whoever|someone|somebody|anybody|anyone
        is nobody|noone ~2 there|here|available|home
        """ + "\n" + """
            talk|speak|chat|talking|speaking|chatting|tlak|taking|spk ~1 to|with|2|wiht|ti|at ~4 \(people)
            talk|speak|chat|talking|speaking|chatting ~1 to|with|2 ~2 \(anyone)
            talk|speak|chat|talking|speaking|chatting \(surely)|someone|somebody
            connect|transfer|patch|redirect|reroute|escalate|switch|forward|route me|us|this|it|my|the|to ~6 \
            \(people)|\(anyone)|service|department
            put|pass|hand me|us ~4 to|with|through|over|on ~4 \(people)|\(anyone)
            put me|us through
            get|bring|fetch|find|give|send|pass ~2 \(surely)
            get|bring|fetch|give me|us ~2 manager|person|specialist|someone|somebody|human
            contact|reach|contacting|reaching|call|calling|see|email|message|contract ~4 \(surely)
            contact|reach ~3 real|live|actual|damn|physical person
            contact|reach|contacting|reaching someone|somebody
            contact|contacting|reach|reaching a|some [damn|bloody] person
            need|want|prefer|require|demand|request|like|wanna|rather|have|needs|assistance|help|from|by|via|through ~2 \(surely)
            need|want|prefer|demand|wanna|require ~2 real|live|actual|proper|physical|breathing person|people|someone|support
            need|want|prefer|wanna|like a|some person|human
            real|actual|live|proper|living|breathing|nonrobotic person|human|people|agent|agents|representative|support please|now|$
            non robotic|bot|ai
            human|agent|operator|representative|person please|pls|plz|now
            ^ human|humans|agent|operator|representative|supervisor $
            is|are there ~4 human|humans|person|people|agent|anyone|anybody|someone ~4 talk|speak|help|chat|call
            is|are there ~1 real|live|actual ~1 person|human|people|agent
            is|are anyone|anybody|someone|somebody [actually|really] there
            can|could|may|please|will|would someone|somebody|anyone|anybody ~2 call|ring|phone|contact ~1 me|us
            can|could|would|will ~2 human|person|agent|manager|colleague|specialist|technician ~3 help|look|check|call|take|answer|handle|do
            call|ring|phone me|us back
            call me|us [please] at|on|under|tomorrow|today|now
            give me|us a call|ring
            request|want|need|like|arrange|book a callback
            call|callback|phone from ~2 team|someone|somebody|person
            dont|not|never|no|stop|hate|sick|tired|rather|refuse|fed|uncomfortable|instead ~6 bot|bots|robot|robots|chatbot|machine|machines|computer|algorithm
            not|dont|stop|no|hate|rather|than ~4 talk|talking|chat|chatting|speak|speaking ~2 bot|bots|robot|robots|chatbot|machine|machines|ai|computer|automat*
            stupid|useless|dumb|idiotic|damn|bloody|annoying|terrible|awful|crap bot|robot|machine|chatbot|ai
            bot|robot|chatbot ~2 stupid|useless|dumb|idiotic|hopeless|terrible|awful|helping|rubbish|clueless
            no more bots|bot|robots
            dont|not want ~2 talk|speak|chat to|with you|this|bots|bot
            let me ~2 talk|speak|chat ~1 to|with ~3 \(people)|\(anyone)|him|her|them
            how|where|what ~6 contact|reach|speak|talk|call|chat|get ~3 \(surely)
            take over this chat|conversation
            \(people) ~2 take over
            i|we|id|ill want|need|like|insist|demand|wish|prefer|insist to be ~1 transferred|connected|called|escalated
            escalate this|it|my
            """

    private static let german0 = """
        mensch|menschen|mitarbeiter|mitarbeiterin|mitarbeitern|person|jemand|jemandem|jemanden|berater|beraterin|\
        ansprechpartner|ansprechpartnerin|vorgesetzten|vorgesetzter|chef|chefin|support|kundendienst|kundenservice|\
        kollegen|kollegin|kundenberater|betreuer|betreuerin|sachbearbeiter|teamleiter|experten|techniker|agenten|agent|team
        """

    static let german = """
        ^ null $
        ^ drücke|wähle ~1 0|null $
        ich|wir ~1 gebe|geben ~2 auf
        das wird ~2 nichts|nix
        warum|wieso ~2 verbindet|verbinden|stellen|leiten ~3 mich|uns
        ist ~2 jemand|wer ~1 da|echtes|zuhause
        keine weiteren|mehr artikel|links|automatischen|floskeln|textbausteine
        nicht ~2 mit ~2 bot|roboter|maschine|automaten
        """ + "\n" + """
            mit|zu|an ~5 \(german0) ~4 sprechen|reden|chatten|telefonieren|verbinden|verbunden|schreiben|unterhalten|weiterleiten|weitergeleitet|kontakt|austauschen|durchstellen|klären|besprechen|übergeben|weitergeben
            verbinden|verbinde|verbindet|leiten|stellen|stell|leite|gib|geben|geben|hol|holen ~2 mich|uns|mir ~6 \(german0)
            verbinden|verbinde sie|mich|uns ~1 mich|bitte|mit
            spreche|sprechen|reden|rede lieber|bitte ~3 \(german0)
            sprechen|reden|spreche|rede|kontaktieren|erreichen|erreiche ~3 \(german0)
            echten|richtigen|echter|richtiger|echte|realen|lebenden|wirklichen|menschlichen|menschlicher mensch|menschen|person|mitarbeiter|mitarbeiterin|ansprechpartner|berater|support|kontakt
            mensch|mitarbeiter|menschen|mitarbeiterin|berater bitte
            ^ mensch|mitarbeiter|mitarbeiterin|berater $
            brauche|will|möchte|wünsche|verlange|hätte|benötige|brauchen|wollen|möchten|gerne|gern ~3 mensch|menschen|mitarbeiter|mitarbeiterin|berater|ansprechpartner|rückruf|vorgesetzten
            rufen|ruft|ruf|anrufen ~3 mich|uns ~6 an|zurück
            kann|könnte|könnten|können mich|uns|mir ~3 jemand|wer ~3 anrufen|zurückrufen|kontaktieren
            kann|könnte jemand ~4 anrufen|zurückrufen
            bitte ~2 rückruf|zurückrufen
            nicht|keine|kein|keinem|keinen|statt ~5 bot|bots|roboter|maschine|chatbot|computer|automat|ki
            ist|gibt|sitzt|arbeitet ~4 jemand|mensch|menschen ~3 da|echtes|dort|echter|reden|sprechen
            übernehmen ~3 mensch|kollege
            bitte ~3 eskalieren
            """

    /// French, Spanish, Italian, Portuguese.
    static let romance = """
        ^ zero|cero $
        je|jabandonne ~1 abandonne|laisse|renonce ~1 $
        il|y a ~3 quelquun
        pas ~2 a un|une robot|machine|bot
        me|nous ~1 rindo
        hay alguien ~2 ahi|real|verdad
        no ~2 con ~1 robot|maquina|bot
        """ + "\n" + """
            parler|discuter|echanger|parle|dialoguer ~3 a|avec|au|aux|un|une ~4 humain|personne|conseiller|conseillere|agent|operateur|quelqu|responsable|superieur|employe|technicien|service|vrai|vraie
            joindre|contacter|avoir|appeler|veux|voudrais|souhaite|besoin ~5 humain|conseiller|conseillere|operateur|responsable|vraie|agent
            passez|passer|mettez|transferez|transferer|mettre|connectez ~2 moi|me|nous|m ~6 humain|conseiller|conseillere|agent|quelqu|responsable|personne|operateur|service|relation
            me|etre mettre|mis|mise|transfere|transferee ~2 relation|contact|a ~1 avec|un
            ^ humain|conseiller|conseillere $
            humain|conseiller|conseillere s|svp|merci|please
            vraie personne
            vrai conseiller|humain
            rappelez|appelez|rappeler|appeler moi|nous|me
            quelqu un ~3 m|me|nous appeler|rappeler|rappelle|appelle|contacter
            pas|plus|marre ~6 robot|bot|machine|chatbot
            hablar|habla|chatear|conversar|comunicarme|comunicar|contactar|contacto ~2 con|a|directamente ~4 persona|humano|humana|agente|alguien|asesor|asesora|operador|operadora|encargado|responsable|gerente|supervisor|representante|otra
            quiero|necesito|prefiero|quisiera|dame|deme|exijo ~3 persona|humano|agente|asesor|operador|representante|supervisor
            paseme|pasame|pasenme|transfierame|transfiereme|comuniqueme|conecteme|ponme|pongame|conectame ~4 persona|humano|agente|alguien|asesor|operador|encargado|supervisor|responsable
            persona real|humana|de
            humano|agente|asesor|operador por favor
            puede|pueden|podria|alguien llamarme|llamar|llamarnos
            llameme|llamenme|llamame|llamadme
            no|harto|harta ~4 robot|bot|maquina|chatbot
            parlare|parlo|chattare|contattare|parli ~2 con|a|direttamente|un ~4 persona|umano|operatore|operatrice|qualcuno|responsabile|agente|consulente|supervisore|assistente|essere
            voglio|vorrei|preferisco|serve|preferirei|bisogno ~3 persona|operatore|umano|consulente|operatrice|responsabile
            passatemi|mi passi|passami|passa|passate|mettetemi|collegatemi|trasferitemi ~4 operatore|persona|umano|qualcuno|responsabile|consulente
            persona reale|vera|umana
            operatore|umano per favore
            richiamatemi|chiamatemi|mi richiami|richiamate
            potete|puo|qualcuno richiamarmi|chiamarmi
            non ~4 robot|bot|macchina|chatbot
            falar|falo|conversar|contactar|contatar ~2 com|a|diretamente ~4 pessoa|humano|humana|atendente|alguem|agente|operador|responsavel|gerente|supervisor|assistente
            quero|preciso|prefiro|gostaria|queria ~3 pessoa|humano|atendente|operador|agente
            me|passe|passa|transfira|passar|transferir ~4 atendente|pessoa|humano|agente|alguem|operador|responsavel
            pessoa real|humana|verdade
            atendente|humano por favor
            podem|pode|alguem ligar|telefonar me|mim
            me liguem|ligue
            nao ~4 robo|robot|bot|maquina|chatbot
            """

    /// Dutch, Swedish, Danish, Norwegian, Polish, Czech, Finnish.
    static let others = """
        met|naar|aan ~4 mens|persoon|medewerker|iemand|collega|adviseur|manager|leidinggevende|mensen ~3 praten|spreken|chatten|bellen|doorverbinden|doorverbonden|overleggen|schakelen|contact
        praten|spreken|spreek|praat|chatten ~2 met ~3 mens|persoon|medewerker|iemand|collega|adviseur|manager
        verbind|verbindt|schakel ~2 mij|me|ons ~2 door
        wil|graag|liever|heb|geef ~4 mens|medewerker|adviseur
        echt|echte|echter mens|persoon|medewerker|iemand
        medewerker|mens alstublieft|graag|aub
        bel|bellen ~1 mij|me ~1 terug
        kan|kunt|kunnen ~2 mij|me ~2 bellen|terugbellen
        geen|niet ~4 robot|bot|machine|chatbot|computer
        prata|tala|pratar|chatta|snakka|snakke|tale|taler|prate|snakker|chatte ~1 med ~4 människa|manniska|person|någon|nagon|medarbetare|handläggare|kundtjänst|menneske|medarbejder|nogen|noen|kundeservice|chef|chefen|kundebehandler|rådgivare|rådgiver|handlaggare|kundtjanst|kollega|medarbeider|sjef
        koppla|kopplad|koble|stille|viderestille|omstille|sätt|sett ~1 mig|meg ~4 människa|person|någon|kundtjänst|medarbetare|medarbejder|menneske|kundeservice|nogen|noen|over|igenom|til
        riktig|verklig|levande|rigtig|ekte|ægte|levende människa|person|menneske
        vill|vil|kan ~2 ha|have|få ~2 människa|menneske|medarbetare|medarbejder
        ring mig|meg
        inte|ikke|ingen|ej ~4 robot|bot|maskin|chatbot|maskine
        rozmawiac|porozmawiac|pogadac|polaczyc|skontaktowac|rozmowa|rozmowe|kontakt|kontaktu ~2 z|ze ~3 czlowiekiem|konsultantem|konsultantka|pracownikiem|osoba|kims|kierownikiem|doradca|agentem|zywym|prawdziwym
        polaczcie|polacz|polaczyc|przelacz|przelaczcie|przekaz ~1 mnie ~5 konsultantem|czlowiekiem|pracownikiem|konsultanta|kims|kierownikiem|doradca|osoba
        chce|potrzebuje|prosze|poprosze ~2 konsultanta|czlowieka|konsultantem
        prosze ~1 o ~1 kontakt|telefon|rozmowe
        oddzwoncie|zadzwoncie|oddzwonic
        nie ~4 botem|robotem|maszyna|automatem
        mluvit|hovorit|promluvit|spojit|prepojit ~1 s|se|na ~3 clovekem|operatorem|nekym|pracovnikem|zivym|skutecnym|operatora
        puhua|jutella|keskustella ~2 ihmisen|asiakaspalvelijan|jonkun|henkilon ~1 kanssa
        ihmiselle|asiakaspalvelijalle
        """

    static let denial = """
        dont|do|not|no|never|without|wouldnt|cant|neednt|wont|rather not|need|want|have|necessary|required|wish|needing|having|a|any|like ~1 \
        [to] [be|a|any|talk|speak|chat|involve|contact|bother|the|an] [to|with|transferred|connected|handed|real|live] [to|with|a|any|an|another|the] \
        [real|live|human|another] human|agent|person|operator|representative|someone|anyone|anybody|manager|humans|agents
        no|not|never|without need|needed|necessary ~1 [to|for] [a|an|any|talk|speak|call|contact|connect] [to|with|a|me] [a|an|someone|anyone] human|agent|person|operator|representative|someone|anyone|anybody|call|transfer
        no|without [a|any] human|agent|operator|person|humans ~1 needed|required|necessary|involved
        without|avoid|instead ~1 talking|speaking|calling|contacting|involving ~3 human|agent|person|someone|anyone|anybody|operator|representative
        dont|no|not|never|please|stop|neednt call|transfer|connect|escalate|calling|phone me|us|it|this|back|to
        dont|not ~1 transfer|connect|escalate|put|forward|call ~6 human|agent|someone|anyone|person|operator
        no longer|more need|want ~2 human|agent|person|operator|someone
        already|just|have talking|talked|spoke|spoken|speaking|chatted ~1 to|with ~3 agent|human|person|someone|colleague|representative|team|manager
        brauche|brauchen|benötige|möchte|will|muss|müssen|wünsche ~1 kein|keinen|keine|nicht ~4 mensch|menschen|mitarbeiter|mitarbeiterin|berater|rückruf|person|ansprechpartner|sprechen|jemandem|verbunden
        kein|keinen|keine ~1 mensch|menschen|mitarbeiter|mitarbeiterin|berater|rückruf|anruf ~1 nötig|notwendig|erforderlich
        nicht ~2 anrufen|verbinden|weiterleiten|zurückrufen|verbunden
        rufen|ruft ~3 mich|uns ~1 nicht ~1 an|zurück
        ohne ~3 mensch|menschen|mitarbeiter|berater|jemanden|jemandem
        pas besoin|necessaire ~4 conseiller|humain|personne|agent|quelqu|parler|rappeler
        ne ~2 veux|souhaite|voudrais pas ~4 conseiller|humain|agent|parler|appel|rappelle|transfere
        sans ~2 parler|passer|conseiller|humain
        no ~1 necesito|quiero|hace|hagas ~4 persona|humano|agente|asesor|hablar|llamen|operador
        sin ~3 hablar|agente|persona|llamar
        non ~3 serve|voglio|bisogno|necessario ~4 operatore|persona|umano|parlare|chiamata
        senza ~3 parlare|operatore|umano
        nao ~2 preciso|quero|necessario ~4 atendente|humano|pessoa|falar|liguem
        sem ~3 falar|atendente|humano
        geen|niet ~1 mens|medewerker|persoon|iemand ~2 nodig
        hoef|hoeft ~5 niet|geen
        zonder ~3 mens|medewerker
        behöver|vill|behover inte|ej ~5 människa|medarbetare|någon|prata
        behøver|vil|trenger ikke|ingen ~5 menneske|medarbejder|snakke|tale
        nie ~1 potrzebuje|chce|musze ~4 konsultanta|czlowieka|rozmawiac|konsultantem|czlowiekiem
        """

    static let lookalike = """
        are|r you|u ~3 human|bot|robot|person|real|machine|agent|ai|assistant
        am i ~3 talking|speaking|chatting|writing ~4 human|bot|robot|person|machine|agent|ai|someone
        is this|that|it ~3 bot|human|person|robot|chatbot|machine|ai
        do|does|did ~3 human|person|people|agent|bot read|write|see|answer|check
        my|our|their|his|her|the client|new|old|a|an|another [new|sales|account|own|marketing|line|project|it|hr] \
        manager|boss|colleague|team|supervisor|staff|agent|agents|lawyer|partner|representative|employee|sales ~2 \
        in|to|into|on|cc|copy|as|role|access|permission|user|first|about
        talk|speak|chat|talking|speaking|discuss|check|connect|connected|call|contact ~3 my|our|their|his|her manager|boss|colleague|team|supervisor|staff|agent|lawyer|partner|employee|wife|husband|customers|clients|people|audience|technician|sales|accountant|owner
        add|invite|remove|delete|include|hire|assign|copy|cc ~4 agent|agents|manager|person|people|colleague|human|member|someone|operator|user|representative
        real estate|property|travel|insurance|estate|listing|shipping|user|ai|forwarding agent|agents
        estate|travel|insurance|letting|ai|booking|press agent|agents
        human resources|error|readable|rights|touch|centred|centered|written|being
        per|each|every|first|third|same|contact|decision|right person
        agent|agents ~1 fee|report|dashboard|software|settings|api|run|mode|performance
        i ~1 spoke|talked|chatted|met
        target|reach ~3 people|persons|audience|customers
        sales|account|campaign|project|community|ads|business|tag|content manager ~1 role|permission|access|account|tool|page|plugin|settings
        bot|bots ~1 traffic|clicks|click|filter|followers|accounts|campaign|protection|crawlers
        not|no a|more bot|bots traffic|clicks|followers
        not|no|never ~2 bot|robot|chatbot|machine|computer|ai problem|issue|question|matter|topic|thing|error|fault
        how|when|can|could|should ~3 chatbot|bot ~4 my|our|website|site|page|build|install|offer
        chatbot|bot|widget|button ~2 on|for|in|at my|our|the website|site|page|shop
        sind|bist sie|du ~3 mensch|bot|roboter|maschine|echt|person|ki
        spreche|rede|schreibe|chatte ich ~4 mensch|menschen|bot|roboter|maschine|person
        ist das ~3 bot|mensch|roboter|maschine
        mit|unser|unserem|meinem|meiner|mein|unserer|meinen|unsere|meine|unseren chef|chefin|team|mitarbeiter|mitarbeitern|kollegen|kollegin|agentur|vorgesetzten
        pro person|mitarbeiter|kopf
        neuen|neue|weiteren|weitere mitarbeiter|mitarbeiterin|kollegen|person|benutzer ~4 hinzufügen|einladen|anlegen|freischalten
        mitarbeiter|kollegen|person ~3 hinzufügen|einladen|anlegen|entfernen|freischalten
        mitarbeiterzugang
        est ce ~3 robot|humain
        etes|es vous|tu ~3 robot|humain|personne
        mon|notre|nos|mes responsable|equipe|collegue|patron|chef|clients
        eres|es ~2 robot|humano|persona|bot
        mi|nuestro|mis jefe|equipo|colega|gerente|clientes|responsable
        sei|e ~2 robot|umano|persona|bot
        mio|nostro|miei|nostri capo|responsabile|collega|team|clienti
        ben|bent je|u ~3 robot|mens|bot
        mijn|onze manager|collega|team|baas
        är|er du ~3 robot|människa|menneske|bot
        czy ~2 jestes ~2 botem|robotem|czlowiekiem
        """
}
