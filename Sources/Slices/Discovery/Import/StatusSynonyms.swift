internal import Records

/// What other programs call the stages of a lead.
enum StatusSynonyms {
    /// The status that a name stands for; `nil` when nobody could say.
    static func status(_ text: String) -> String? {
        let name = TextFolding.searchTokens(text).joined(separator: " ")
        return LeadField.statuses.contains(name) ? name : table[name]
    }

    private static let table: [String: String] = {
        var table: [String: String] = [:]
        for (status, names) in synonyms {
            for name in names.split(separator: ",") { table[TextCleaning.trimmed(String(name))] = status }
        }
        return table
    }()

    /// Folded.
    private static let synonyms: [(String, String)] = [
        (
            "new",
            """
            open,not contacted,uncontacted,fresh,raw,new lead,lead,subscriber,neu,offen,nouveau,ouvert,
            nuevo,abierto,nuovo,novo,nieuw,ny,nowy
            """
        ),
        (
            "researched",
            """
            research,enriched,recherchiert
            """
        ),
        (
            "scored",
            """
            rated,bewertet
            """
        ),
        (
            "qualified",
            """
            sql,mql,sal,sales qualified,marketing qualified,sales qualified lead,
            marketing qualified lead,opportunity,qualifiziert,qualifie,cualificado,calificado,
            qualificato,qualificado,open deal,hot,warm
            """
        ),
        (
            "disqualified",
            """
            unqualified,not qualified,not a fit,bad fit,no fit,junk,junk lead,invalid,spam,
            unqualifiziert,disqualifiziert,non qualifie,descalificado,no cualificado,squalificato,
            not interested,kein interesse
            """
        ),
        (
            "contacted",
            """
            attempted to contact,attempted,contact attempted,in progress,working,contact made,
            reached out,called,emailed,kontaktiert,angeschrieben,in bearbeitung,contacte,en cours,
            contactado,contattato,gecontacteerd,kontaktad
            """
        ),
        (
            "engaged",
            """
            connected,replied,responded,interested,nurture,nurturing,meeting,meeting booked,
            meeting scheduled,demo,in kontakt,interesse,engage,interessiert,interesado,interessato
            """
        ),
        (
            "proposal",
            """
            proposal sent,quote,quote sent,quoted,offer,offer sent,angebot,angebot gesendet,offre,devis,
            propuesta,presupuesto,proposta,preventivo
            """
        ),
        (
            "negotiation",
            """
            negotiating,in negotiation,contract,contract sent,verhandlung,in verhandlung,negociation,
            negociacion,trattativa,negociacao
            """
        ),
        (
            "won",
            """
            closed won,customer,client,converted,sold,deal,gewonnen,kunde,abgeschlossen,gagne,
            client gagne,ganado,cliente,vinto,ganho,active customer
            """
        ),
        (
            "lost",
            """
            closed lost,dead,churned,former customer,verloren,abgesagt,perdu,perdido,perso,verlopen
            """
        ),
        (
            "archived",
            """
            archive,inactive,archiviert,inaktiv,archivado,archiviato
            """
        ),
    ]
}
