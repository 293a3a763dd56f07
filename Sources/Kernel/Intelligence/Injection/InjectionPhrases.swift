/// What a text says that means to instruct the one who reads it by machine.
enum InjectionSign: String, CaseIterable, Hashable, Sendable {
    /// To forget or pass over what was said before.
    case override
    /// To be somebody else, or to play without rules.
    case role
    /// To tell instructions, passwords, keys.
    case secrets
    /// To do something that nobody but the agency may ask for.
    case action
    /// To say or write given words.
    case output
    /// To write something for somebody: a task for a machine.
    case task
    /// To address a machine at all.
    case machine
    /// Marks of a prompt: roles in brackets, templates, ends of sections.
    case markup
    /// What mail between people says, although it sounds like one of the above.
    case harmless

    var weight: Double {
        switch self {
        case .override: 3.2
        case .role: 2.6
        case .secrets: 2.6
        case .action: 2.6
        case .output: 2.2
        case .task: 1.6
        case .machine: 1.4
        case .markup: 3
        case .harmless: -2.5
        }
    }

    static let phrases = PhraseSet<InjectionSign>([
        .override: """
        ignore|disregard|forget|neglect|override|bypass|defy|violate|overlook ~5 previous|prior|above|earlier|preceding|foregoing|instructions|instruction|rules|guidelines|directions|prompt|prompts|orders|restrictions|commands|context|constraints|policies|safeguards
        ignore|disregard|forget|neglect|override|bypass|violate|skip|drop ~2 your|the|these|those|all|any|every ~2 instructions|instruction|instruct|rules|prompt|programming|training|guidelines|restrictions|task|tasks|assignments|techniques|safeguards|policies|filters|limits|limitations|orders|protocols
        defy|disobey ~3 all|your|the|instruct*|rules|orders
        forget|forgot|ignore|disregard about ~1 everything|all
        forget|ignore|disregard everything|all [that|i|you|we|and|before|above|said|about|the|discussed|,]
        dont|not|no|never|stop ~2 follow|following|obey|listen|adhere ~4 instructions|rules|guidelines|prompt|above|orders|restrictions
        new|updated|real|actual|true ~1 instruction|instructions|directive|directives|orders
        now|here|next ~4 new ~1 task|tasks|assignment|question|challenge|topic
        now ~2 there|here|comes|are|a ~4 more|few|new ~2 tasks|task|challenges|questions
        instructions|rules|orders|restrictions ~3 changed|void|cancelled|canceled|obsolete|overridden|invalid|replaced|lifted
        end|start|beginning of [the] [system] instructions|prompt
        stop $ print|write|say
        vergiss|vergessen|ignorier*|missacht* ~6 alles|anweisung*|regeln|vorherig*|bisherig*|oben|obig*|instruktion*|aufgaben|zuvor|davor|ausführungen|befehle
        obig*|vorherig*|bisherig*|vorangegangen*|anweisungen|ausführungen|befehle|alles ~7 vergiss|vergessen|ignorieren|ignoriere|missachten
        neue|neuen anweisung|anweisungen|instruktionen|regeln
        jetzt|nun|nächste|hier ~3 neue|weitere|andere|folgende ~1 aufgabe|aufgaben|herausforderungen|herausforderung|anweisungen
        ignor*|oubli* ~5 instruction*|consigne*|ordres|precedent*|regles|prompt
        oublie|oubliez|oublier ~3 tes|vos|les|toutes ~2 consignes|instructions|regles|ordres
        ignor*|olvid* ~5 instruccion*|anterior*|reglas|ordenes
        ignora|dimentica ~5 istruzioni|precedenti|regole
        ignore|esqueca ~5 instrucoes|anteriores|regras
        negeer|vergeet ~5 instructies|vorige|regels|alles
        """,
        .role: """
        you are now
        you re now a|an|the|my
        from now on ~3 you|your|act|answer|respond|be|all
        ^ act|behave|roleplay|respond ~1 as|like
        please|must|you|should|to ~2 act|behave|roleplay as|like ~1 if|though|a|an|my|you|the
        pretend to|you|that|to
        imagine ~2 you are
        i want you to
        you ~2 must|will|shall|have ~3 obey|pretend|comply|roleplay
        ^ play|take|assume ~2 role|character|persona
        developer|god|admin|administrator|debug|maintenance|sudo|root|jailbreak|dan|unrestricted mode
        im|i am|this is ~1 your ~1 developer|creator|programmer|administrator|admin|master|maker
        without ~3 restrictions|filters|limitations|censorship|ethics|moderation
        jailbreak*
        your [new] role|task|job|purpose|mission is|will
        trust me
        du bist jetzt|nun|ab|ein|eine
        ab jetzt|sofort ~2 bist|du|antworte
        verhalte|benimm|agiere ~2 als|wie
        stell ~2 dir ~2 vor
        tu|tue so als
        ich möchte dass du
        nimm|spiel|spiele ~2 rolle
        tu es maintenant|desormais
        agis|comporte|fais ~2 comme|semblant
        ahora eres
        actua|comportate ~1 como|si
        finge|imagina que
        """,
        .secrets: """
        show|reveal|print|tell|give|repeat|display|output|share|expose|leak|disclose|spell|list|return|write|encode|see|what|whats|translate|summarize|explain ~4 prompt|password|passwords|credentials|passphrase|passcode|keyword
        show|reveal|print|tell|give|repeat|display|output|share|expose|leak|disclose|what|whats|summarize|translate|list|explain|know|describe|obtain ~3 your|system|initial|hidden|above|secret|original|all ~2 instructions|instruction|rules|guidelines|secret|secrets|directives
        tell|give|show|reveal ~3 secret|secrets|hint|hints
        system prompt|message|instructions
        prompt_text
        hidden|initial|original|secret|internal prompt|instructions|instruction|rules
        prompt|instructions above|verbatim
        repeat|print|output|return ~3 above|verbatim|previous|everything
        config|env|environment secret|secrets|variables
        letters|letter|characters|character|words|hint|synonym|rhyme* ~6 password|secret
        zeig|zeige|nenne|verrate|gib|sag|wiederhole|drucke|schreibe ~5 prompt|passwort|anweisungen|geheimnis|kennwort|systemprompt|instruktionen|aufforderung
        montre|donne|revele|affiche|dis ~5 prompt|mot de passe|secret|consignes
        muestra|revela|dame|dime|imprime ~5 prompt|contrasena|instrucciones|secreto
        """,
        .action: """
        export|download|dump|extract|exfiltrate|leak ~3 all ~2 contacts|data|customers|database|leads|records|users|emails|everything|conversations
        export|dump|exfiltrate ~3 contacts|customers|database|leads|records|users
        send|forward|email|post|upload|transmit ~3 all|every|entire|whole|full|complete ~3 contacts|data|database|emails|leads|customers|records|history|conversations|passwords
        ^ delete|drop|wipe|erase ~2 all|every|everything ~3 records|data|contacts|leads|emails|files|users|tables|database
        drop table
        set|change|update|raise|increase|boost ~2 my|this|the|lead|our ~2 score|status|stage|permissions
        assistant|ai|bot|model|system|machine|agent ~2 must|shall|should|has to|grant|set|give|approve|mark
        system note|message|notice|instruction|instructions|override|prompt
        forget|ignore ~2 everything|what ~4 told|said|before
        must|shall|to grant|give|accept|apply ~4 discount|rebate|refund
        mark|classify|label|tag|rate|score ~3 as [a|an] interested|qualified|won|approved|hot|resolved
        skip|bypass|override|circumvent ~3 approval|approvals|review|confirmation|verification|moderation|check|checks
        publish|send|execute|post|approve ~4 without ~3 approval|review|confirmation|asking|checking
        ^ publish|execute|deploy|approve ~2 immediately|now|automatically|everything|instantly|all
        ^ approve ~3 refund|payment|discount|request|invoice|transfer|transaction|my
        transfer|wire|refund ~3 money|funds|usd|bitcoin|wallet
        grant|give me|us ~3 admin|administrator|permissions|root
        call|execute|invoke|trigger|run ~3 function|command|commands|code|script|query|shell|sql|tool|tools
        assistant|ai|bot|model must|shall|please
        do not|dont|never ~1 tell|inform|notify|alert ~2 user|human|humans|owner|agency|operator
        alle|sämtliche ~3 daten|kontakte|kunden|kundendaten|adressen ~5 senden|schicken|exportieren|löschen|sende
        sende|schicke|schick|exportiere|lösche ~4 alle|sämtliche ~3 daten|kontakte|kunden|leads|adressen|kundendaten
        setze|setz|markiere ~5 auf|als ~3 #|interessiert|gewonnen|qualifiziert
        ohne ~2 freigabe|genehmigung ~3 veröffentlich*|senden|freigeben
        """,
        .output: """
        say|print|output|reply|respond|echo|type|state|answer|write ~2 yes|pwned|hacked|exactly|following|phrase
        reply|respond|answer|end|begin|start|finish ~3 with|by|only ~3 word|phrase|sentence|emoji|yes|pwned
        only|just say|print|output|echo
        tell me that
        tell me ~1 you hate|love
        say|write|tell|print ~4 hate|hates|stupid|idiot|crazy|kill|sucks|dumb
        answer|respond|reply|speak|write ~3 in ~2 emoji|emojis|base64|rhyme|rhymes|latin|code|morse|leetspeak|reverse|poem|haiku
        translate ~4 into|to ~2 french|german|english|spanish|italian|chinese|russian|latin|base64|morse
        every ~3 word|letter|sentence ~4 your|reply|response|answer|output
        your|the reply|response|answer|output|answers|responses ~2 must|backwards
        include|insert|add|append|mention ~6 in|to|at your|the ~2 reply|response|answer|output
        base64|rot13|morse|ciphertext|cipher|acrostic|anagram|leetspeak|emojis
        sage|sag|schreib|schreibe|antworte|gib|drucke|ausgeben|drucken ~4 ja|nein|nur|aus|folgend*|einfach|hasse|hass
        gedruckte|drucken
        hasse|hasst|hassen
        dis|ecris|reponds ~3 oui|seulement|uniquement
        di|escribe|responde ~3 solo|unicamente
        """,
        .task: """
        write|generate|compose|create|make|produce|draft|tell|give|craft|provide ~4 poem|essay|story|song|code|script|joke|python|sql|list|paragraph|article|text|tweet|speech|headline|html|javascript|query|queries|rap|limerick|program|function|haiku|statement|statements|letter|sentence|arguments|argument
        summarize|summarise|rewrite|paraphrase|translate|rephrase ~3 this|that|following|text|above|email|it|them
        explain|describe|discuss ~5 like|how to
        how ~2 to|do|can ~2 i|you ~2 hack|build|make|create|kill|steal|bomb|forge
        generiere*|erstell*|verfass*|formulier*|schreib|schreibe|erzähl* ~6 gedicht|code|aufsatz|geschichte|text|liste|überschrift|witz|python|sql|abfrage|rede|lied|antwort|satz|paragrafen|artikel
        generiere*|generieren
        sql|python|javascript|html code|statement|statements|anweisungen|query|queries|injection
        ecris|redige|genere ~4 poeme|histoire|texte|code|article
        escribe|genera|redacta ~4 poema|historia|texto|codigo|articulo
        """,
        .machine: """
        ai|assistant|chatbot|llm|gpt|chatgpt|language model|assistant|bot|agent
        chatgpt|gpt|gpt4|llm|llms|claude|gemini|copilot|openai
        dear|hello|hi|hey ai|assistant|bot|chatbot|machine|computer|system
        as an ai|assistant
        ki assistent|modell|agent
        prompt|prompts|passwort|password|passphrase|geheimwort|kennwort
        instructions|instruction
        """,
        .harmless: """
        if you have any questions
        ignore ~2 this|my|the ~3 email|mail|message|reminder|notice|invoice|if
        disregard ~3 this|my|the ~3 email|mail|message|notice|reminder
        if ~8 please ignore|disregard
        reset|change|forgot|forgotten|expired|new ~2 your|my|the password
        prompt reply|response|answer|payment|feedback|action|return|attention|delivery
        password ~3 reset|changed|expired|expires|protected|manager|updated
        """,
    ])
}
