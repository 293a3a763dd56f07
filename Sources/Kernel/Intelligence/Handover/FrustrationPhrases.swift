/// How people say that they have had enough, that something fails again, and that it cannot wait.
enum FrustrationPhrases {
    static let frustration = """
        frustrat*
        ridiculous|unacceptable|outrageous|pathetic|absurd|appalling|disgraceful|unbelievable|infuriating|incompetent|scandalous
        useless|hopeless|worthless|garbage|rubbish|bullshit|crap|wtf|ffs|damn|fucking|fuck|shit|freaking|bloody|stupid|idiot|idiots|idiotic|dumb|moron*
        sick|tired|fed of|up
        had|have enough
        enough is enough
        waste|wasting|wasted ~2 time|money
        worst service|support|company|experience|agency|bot|ever
        terrible|awful|horrible|lousy|poor|shameful service|support|experience|company|answer|bot
        driving me crazy|mad|nuts|insane
        you|this|bot|it ~2 not|isnt|arent|doesnt|dont ~2 listen|listening|understand|understanding|get|help|helping|helpful|answering
        youre|uare|ur|your|u|you ~3 not|no ~2 helpful|help|helping|use|listening|useful
        you|u ~3 getting|got ~2 wrong
        what is|the wrong|hell with|is
        are you kidding|serious|joking|deaf
        you ~1 understand|get|know nothing
        losing|lost my|our patience|temper
        how hard|difficult can
        nobody|noone|no|never ~3 answer|answers|answered|replies|replied|responds|cares|listens|helps
        not|isnt|arent helping|helpful
        angry|furious|annoyed|annoying|pissed|livid|upset|disappointed
        just fix it
        unverschämt*
        frustrier*
        lächerlich*
        inakzeptabel
        katastrophe|katastrophal|saftladen|frechheit|unfassbar|zumutung|unmöglich|witz|schwachsinn|quatsch|mist|scheiß|scheisse|verdammt|verdammte|blöd|blöde|dämlich|nutzlos|idioten|unbrauchbar|ärgerlich|peinlich
        nase|schnauze voll
        es reicht
        reicht ~1 mir
        stinksauer|sauer|wütend|genervt|verärgert|enttäuscht|nervt|nervig|nerven
        versteht|verstehst|verstehen mich|nicht|nichts|mich ~1 nicht
        keiner|niemand ~3 antwortet|hilft|meldet|reagiert|kümmert
        zeitverschwendung
        marre|ras|assez de|le|bol
        inadmissible|inacceptable|scandaleux|honteux|nul|nulle|ridicule|inutile|lamentable|furieux|furieuse|agace|enerve|enervee|catastrophique
        personne ne ~1 repond|aide
        perte de temps
        inaceptable|ridiculo|vergonzoso|vergüenza|inutil|inutiles|pesimo|horrible|harto|harta|furioso|indignante|enfadado|enfadada|molesto
        nadie ~2 responde|contesta|ayuda
        perdida de tiempo
        inaccettabile|vergognoso|vergogna|ridicolo|inutile|pessimo|stufo|stufa|arrabbiato|arrabbiata|furioso|assurdo
        nessuno ~2 risponde|aiuta
        perdita di tempo
        inaceitavel|ridiculo|vergonhoso|farto|farta|irritado|pessimo|absurdo
        ninguem ~2 responde|ajuda
        onacceptabel|belachelijk|waardeloos|schandalig|zat|boos|woedend|gefrustreerd|teleurgesteld|tijdverspilling
        niemand ~2 antwoordt|reageert|helpt
        oacceptabelt|löjligt|värdelöst|förbannad|arg|trött|besviken|uacceptabelt|latterligt|ubrugelig|vred|rasende|frustreret|frustrerad|latterlig|ubrukelig|sint|skuffet
        skandal|zenada|beznadziejn*|zly|wsciekly|absurd|niedopuszczalne|bezuzyteczny|dosc
        """

    static let repetition = """
        still|again|keeps|continues ~3 not|isnt|doesnt|cant|broken|failing|error|fails|wrong|same|down|nothing|cannot|happening|waiting|missing|no
        not|doesnt|isnt|didnt|cant|fails|failed|wrong|broken|broke|happened|happening|down ~4 again
        again ~2 and again
        still not|no|waiting|nothing|the|have|havent|doesnt|cant|wrong|confused
        already|just told|said|tried|explained|wrote|asked|did|answered|sent|mentioned|done|reported|contacted
        as|like i ~1 said|told|wrote|mentioned|explained
        i ~1 told|asked|said ~2 already|before|twice|times|you
        second|third|fourth|fifth|sixth|2nd|3rd|4th|5th|umpteenth|hundredth|tenth time|reminder|request|message|email|attempt|try|ticket
        for the|a ~2 last|nth time
        #|two|twice|three|four|five|several|many|multiple|countless|ten|few|hundred times
        twice already|now
        how many|often times|more|do|must
        same problem|issue|error|answer|question|thing|mistake|reply|message|bug
        keep|keeps|kept asking|saying|telling|getting|sending|repeating|happening|failing|crashing|giving|giving|denied
        over and over
        that|it|this ~1 didnt|doesnt|did not|dont work|help|fix|solve|answer
        didnt|doesnt|does|did|not|never|wasnt|isnt ~2 solve|solved|resolved|fixed|fix|answered|helped
        you|u cannot|cant|couldnt|failed ~1 resolve|solve|fix|help|answer|understand
        nothing|none ~3 works|worked|helps|helped|changed|happens|happened
        not what i ~1 asked|meant|want|said|wanted
        repeat|repeating yourself|myself|the
        immer noch|wieder
        noch immer
        schon wieder|gesagt|geschrieben|gefragt|mehrfach|erklärt|versucht|zum|dreimal|zweimal|mehrmals|hundertmal
        wieder nicht|kaputt|falsch|derselbe|dasselbe|das|der|die|ein|kein
        zum zweiten|dritten|vierten|fünften|x|wiederholten|hundertsten
        zweite|dritte|vierte|letzte mahnung|erinnerung|mail|anfrage|nachricht
        mehrfach|mehrmals|dreimal|wiederholt|ständig|andauernd
        wie oft
        hat|funktioniert|geht|klappt ~3 nicht geholfen|funktioniert|geklappt
        gleiche|gleichen|selbe|derselbe|dasselbe problem|fehler|antwort|frage
        nichts ~2 geholfen|passiert|funktioniert
        toujours|encore pas|rien|le|une|la
        deja dit|explique|demande|essaye|ecrit|envoye
        deuxieme|troisieme|quatrieme|enieme fois|message|demande|relance
        ne ~3 marche|fonctionne ~1 toujours
        todavia|aun|sigue no|sin|igual
        otra vez
        ya ~2 dije|dicho|explique|escribi|pregunte|intente
        segunda|tercera|cuarta|enesima vez
        ancora non|niente|una
        gia detto|spiegato|scritto|chiesto|provato
        seconda|terza|quarta|ennesima volta
        ainda nao
        ja ~2 disse|expliquei|perguntei|tentei|falei
        nog steeds|altijd|niet
        alweer|weer niet|hetzelfde
        al gezegd|gevraagd|geprobeerd|gemaild
        tweede|derde|vierde keer
        fortfarande|stadig|fremdeles|fortsatt inte|ikke
        redan|allerede sagt|sagd|skrevet|skrivit|prøvd|provat
        andra|tredje|anden gången|gang
        nadal|ciagle|wciaz nie
        juz ~2 mowilem|pisalem|pytalem|mowilam
        drugi|trzeci|kolejny raz
        """

    static let haste = """
        urgent|urgently|asap|immediately|emergency|critical|pressing
        right|straight now|away
        as soon as possible
        at once
        cant|cannot|not wait
        today|tonight|now please|!
        within|in the|an|next|one hour|hours|minutes
        by|before|until today|tonight|tomorrow|noon|midnight
        dringend|sofort|eilig|umgehend|notfall|schnellstmöglich|unverzüglich|dringende|eilt|kritisch
        so schnell wie
        heute noch
        noch heute
        urgence|immediatement|urgente|urgentemente|inmediatamente|subito|immediatamente|emergencia|emergenza|imediatamente
        tout de suite
        au plus vite
        cuanto antes
        il prima possibile
        o quanto antes
        dringende|spoed|onmiddellijk|meteen|akut|bradskande|brådskande|omgående|haster|straks|øjeblikkeligt|pilne|natychmiast|pilnie
        """

    static let loss = """
        losing|lose|lost|costing ~3 money|customers|sales|revenue|orders|leads|business
        every minute|hour|second ~3 costs|counts|lose
        overspend*
        spending|burning ~3 budget|money|twice|double
        everything|site|website|shop|page|system|server|campaign|ads is|are|has|have ~2 down|offline|crashed|broken|stopped|gone
        hacked|stolen|leaked|breach|phishing|compromised
        verlieren|verliere ~3 geld|kunden|umsatz|aufträge
        alles|seite|website|shop|webseite|server ~3 down|offline|abgestürzt|lahm|ausgefallen|unten
        gehackt|gestohlen|datenleck
        perdons|perds ~3 argent|clients|ventes
        perdiendo|perdemos ~3 dinero|clientes|ventas
        perdendo|perdiamo ~3 soldi|clienti|vendite|dinheiro
        pirate|piratee|hackeado|hackeada|hackerato|hackerata|hackeada|gehackt|hackad|hacket|zhakowan*
        """

    static let threat = """
        lawyer|lawyers|attorney|solicitor|sue|suing|lawsuit|court
        legal action|steps|advice
        chargeback
        cancel|cancelling|terminate|end|leave|leaving|quit|switch|switching ~4 contract|account|subscription|everything|agency|provider|you|competitor|service
        refund|money ~2 back
        bad|negative|public review|reviews
        report you|this ~2 to
        anwalt|rechtsanwalt|klage|gericht|anzeige|verbraucherzentrale|verklagen
        rechtliche schritte
        kündigen|kündige|kündigung|geld|zurück
        avocat|tribunal|resilier|plainte|abogado|denuncia|demanda|avvocato|denuncia|disdire|advogado|processo|advocaat|rechtszaak|opzeggen|advokat|advokaten|adwokat|prawnik|prawnika|pozew
        """

    static let delicate = """
        delicate|sensitive|confidential|private ~2 matter|transaction|topic|issue|information|details|case
        not|dont ~2 comfortable|trust|safe ~6 machine|bot|robot|computer|ai|this|you|chat|details|personal
        personal details|data|information with|to a|an|the machine|bot|robot|computer|chat
        complaint|complain
        died|death|passed|bereavement|funeral|suicide|hospital
        beschwerde|beschweren|vertraulich|heikel
        reclamation|plainte|confidentiel|reclamacion|queja|confidencial|reclamo|riservato|klacht|klagomal|klage|skarge|reklamacj*
        """
}
