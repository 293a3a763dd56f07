/// The words around needs.
enum NeedPhrases {
    static let wish = """
        need|needs|needed|want|wants|wanted|require|requires|seeking|seek|wish|hoping
        looking|searching|look for|to|into
        help|support|assistance ~2 with|for|us|me|on|in
        interested in
        would|wed|id like|love
        improve|increase|grow|boost|redo|rebuild|redesign|build|launch|revamp|optimise|optimize|fix|better|set|start|create|scale|expand|automate|renew|generate|attract
        can|could|do|does you ~2 help|do|offer|build|make|create|manage|handle|run|provide
        goal|priority|plan|plans|planning|challenge|problem|struggle|struggling|focus
        tell me about
        brauchen|brauche|benötigen|benötige|suchen|suche|möchten|möchte|wollen|will|wünschen|bräuchten|hätten
        hilfe|unterstützung ~2 bei|für|mit
        verbessern|steigern|erhöhen|ausbauen|aufbauen|überarbeiten|neu|optimieren|modernisieren|gewinnen|starten
        interessieren|interesse ~3 für|an
        bieten|machen|können sie
        ziel|problem|herausforderung
        besoin|cherchons|cherche|recherchons|recherche|voulons|veux|souhaitons|souhaite|aimerions|aimerais|voudrais|voudrions|faudrait
        aide|aider ~2 pour|a|avec|sur
        ameliorer|augmenter|refaire|creer|developper|lancer|optimiser|moderniser|attirer|automatiser
        necesitamos|necesito|buscamos|busco|queremos|quiero|quisieramos|gustaria|quisiera
        ayuda|ayudar ~2 con|para|a|en
        mejorar|aumentar|rehacer|crear|lanzar|desarrollar|optimizar|renovar|conseguir|atraer|automatizar
        """

    static let refusal = """
        dont|not|no|doesnt|never|without|wont ~3 need|want|require|looking|interested|care|do|believe
        no need|interest
        already|have|had|happy ~4 agency|covered|sorted|someone|provider|handled|inhouse|fine|good|great
        not ~1 interested|relevant|looking
        nicht|kein|keine|keinen ~5 brauchen|benötigen|interesse|bedarf|suchen|interessiert
        brauchen|benötigen|suchen|wollen ~3 kein|keine|keinen|nicht
        bereits|schon ~5 agentur|gut|versorgt|jemanden|partner
        pas|aucun ~3 besoin|interesse|interesses|cherchons|voulons
        deja ~4 agence|prestataire
        no ~2 necesitamos|necesito|buscamos|queremos|interesa
        ya ~2 tenemos|tengo
        """

    static let decides = """
        i decide|decides
        i ~2 make|take|have ~3 decision|decisions|say
        my|the decision is mine
        its|it is my ~1 decision|call
        im|i am|as ~2 owner|founder|ceo|decisionmaker|director
        i ~1 own|run|founded ~3 company|business|shop|agency|firm|store|restaurant
        i ~2 sign ~2 off|contracts|budget|budgets
        i ~2 responsible for ~3 budget|marketing|decision|purchasing
        budget is mine
        ich entscheide
        entscheide ich|selbst|allein
        ich ~1 bin ~3 inhaber|inhaberin|geschäftsführer|geschäftsführerin|gründer|gründerin|entscheider
        als inhaber|inhaberin|geschäftsführer|geschäftsführerin|gründer
        meine entscheidung
        c est moi qui decide
        je decide|suis ~2 [gerant|gerante|dirigeant|dirigeante|proprietaire|fondateur|fondatrice|decideur]
        yo decido
        lo decido yo
        decido yo
        soy ~2 dueno|duena|propietario|propietaria|gerente|fundador|fundadora|director|directora
        """

    static let shares = """
        we ~2 decide ~2 together|jointly|as
        my partner|partners|cofounder|wife|husband and i|me
        together with my
        discuss ~4 team|partner|colleagues|cofounder|wife|husband
        entscheiden ~3 gemeinsam|zusammen
        mit ~2 partner|kollegen|team|frau|mann ~3 besprechen|abstimmen
        decidons ensemble
        en parler ~3 associe|equipe
        decidimos juntos
        hablar*|consultar* ~3 socio|socia|equipo
        """

    static let mustAsk = """
        need|have|must|got|should|ll|let|want|has to|me ~3 ask|check|consult|run|clear|convince|confirm|talk|speak|get ~4 boss|manager|ceo|cfo|cmo|board|director|management|owner|procurement|headquarters|hq|supervisor|finance|head|approval|sign|ok|okay
        boss|ceo|cfo|board|management|headquarters|hq|owner|director ~4 decides|decide|approve|approves|approval|agree|sign|say
        need|needs|require|requires|pending|subject ~3 approval|signoff
        approval ~3 from|of|by
        final say|decision ~5 boss|ceo|board|director|owner|management
        muss|müssen|müsste ~6 chef|chefin|geschäftsführer|geschäftsführung|vorstand|vorgesetzten|freigabe|freigeben|rücksprache|absegnen|genehmigen
        chef|chefin|geschäftsführer|geschäftsführung|vorstand|zentrale|inhaber ~5 entscheidet|zustimmen|fragen|freigeben|absegnen|genehmigen|entscheiden
        rücksprache ~3 chef|geschäftsführung|vorstand|vorgesetzten
        dois|doit|devons|faut ~5 demander|consulter|valider|parler|voir ~4 chef|patron|patronne|direction|directeur|directrice|hierarchie|responsable
        direction|patron|siege|directeur ~4 decide|valide|valider|approuve
        accord ~3 direction|patron|chef|siege
        tengo|tenemos|debo|hay que ~3 consultar|consultarlo|preguntar|preguntarle|hablar|hablarlo|validar ~5 jefe|jefa|director|directora|direccion|gerencia|gerente
        jefe|jefa|direccion|director|gerencia ~4 decide|aprobar|aprueba|autorizar
        """

    static let notResponsible = """
        not|isnt ~2 my decision|call|department|responsibility
        im|i am|not ~3 decision maker
        not ~2 in charge|responsible
        dont|cant|cannot decide
        entscheide|entscheiden ~3 nicht
        nicht ~2 zuständig|verantwortlich
        pas moi qui decide
        pas ~2 responsable|decideur
        no ~2 decido|responsable
        no soy quien
        """
}
