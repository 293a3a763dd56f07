/// A request under data protection law (GDPR art. 15–21), which comes before whatever else the message says.
package enum PrivacyRequest: String, CaseIterable, Hashable, Sendable {
    case erasure, access, rectification, objection

    /// Returns the request that the writer of a text makes in their own words.
    package static func asked(in text: String) -> PrivacyRequest? { read(ReadText(OwnWords.of(text)))?.kind }

    /// Returns the first kind of request in a text, and the words that make it.
    static func read(_ text: ReadText) -> (kind: PrivacyRequest, words: Range<Int>)? {
        let matches = PrivacySign.phrases.matches(in: text)
        let services = matches.filter { $0.group == .service }.map(\.words)
        for kind in allCases {
            let found = matches.first { match in
                match.group == .asks(kind) && !services.contains { $0.overlaps(match.words) }
            }
            if let found { return (kind, found.words) }
        }
        return nil
    }
}

enum PrivacySign: Hashable, Sendable {
    case asks(PrivacyRequest)
    /// The text is about what the recipient sells: `how do you handle deletion requests`.
    case service

    static let phrases = PhraseSet<PrivacySign>([
        .asks(.erasure): """
        erase|delete|remove|wipe|destroy|purge|deleting|erasing ~4 data|personal|record|records|information
        data|records|record|information|details ~6 erased|deleted|removed|wiped|destroyed|purged
        erasure|deletion|removal of ~4 data|personal|record|records|information
        right to ~2 erasure|forgotten
        gdpr|ccpa|dpa ~10 delete|erase|erasure|deletion|erased|deleted|forgotten
        delete|erase|erasure|deletion|erased|deleted|forgotten ~10 gdpr|ccpa
        about me ~12 deleted|erased
        forget ~1 me ~6 erase|delete|data|file
        erase|delete|remove ~2 whatever|everything|all|anything ~8 about|on me|us
        löschen|löschung|lösche|gelöscht|vernichten|entfernen ~8 daten|personenbezogen*|angaben
        daten|angaben ~8 löschen|gelöscht|löschung|vernichten|vernichtet
        dsgvo ~12 löschen|löschung|gelöscht
        löschen|vernichten|entfernen ~2 alles|sämtliches ~6 über|von mich|uns|mir
        löschen|löschung|gelöscht ~12 dsgvo
        recht auf vergessenwerden|löschung
        effacement|suppression|effacer|supprimer|effacez|supprimez ~6 donnees
        donnees ~6 effacees|supprimees
        effacez|supprimez tout ~6 moi|nous
        droit a l oubli|effacement
        rgpd ~12 effacement|suppression|effacer|supprimer
        supresion|eliminacion|borrado|suprimir|eliminar|borrar|supriman|eliminen|borren ~6 datos
        datos ~6 borrados|eliminados|suprimidos
        borren|eliminen|supriman todo ~6 mi
        derecho ~3 supresion|olvido
        rgpd ~12 supresion|suprimir|eliminar|borrar
        """,
        .asks(.access): """
        copy|disclosure|disclose|access ~5 personal|my|all data
        what|which ~3 data|information|details|records ~6 hold|holding|store|stored|have|keep|kept|process|collected ~4 about|on|of me|us
        what ~4 you ~3 hold|store|stored|keep|kept|know|saved ~2 about|on me|us
        what|which ~2 my ~1 data|details|information ~4 hold|holding|store|stored|keep|kept|saved|collected|process
        me|my|i|im ~12 gdpr|ccpa
        gdpr|ccpa ~12 me|my|i
        subject access request
        right of access
        article|art 15|20
        data portability
        auskunft ~8 daten|gespeichert|dsgvo
        mich|mir|meine|meiner|meinen|ich ~12 dsgvo
        dsgvo ~12 mich|mir|meine|meiner|meinen|ich
        welche ~4 daten|angaben|informationen ~8 gespeichert|speichern|verarbeiten|haben
        auskunftsersuchen|selbstauskunft
        auskunft ~2 art|artikel
        artikel 15|20
        droit d acces
        quelles ~2 donnees|informations ~8 moi|nous
        mes|moi|je ~12 rgpd
        rgpd ~12 mes|moi|je
        copie ~4 donnees
        derecho de acceso
        que informacion|datos ~4 guardan|almacenan|conservan|tienen ~2 mi
        mis|mi|me ~12 rgpd
        rgpd ~12 mis|mi|me
        que datos ~6 tienen|guardan|almacenan|mios|mi
        copia ~4 datos
        """,
        .asks(.rectification): """
        rectify|rectification|correct|correcting ~6 data|details|information|record|records ~5 hold|have|about|store
        right to rectification
        berichtigen|berichtigung|korrigieren ~6 daten|angaben
        rectification|rectifier|rectifiez|corriger ~5 donnees
        rectificar|rectificacion|corregir|rectifiquen ~5 datos
        """,
        .asks(.objection): """
        object|objecting|objection to ~6 processing|profiling|use|marketing
        withdraw|withdrawing|revoke|revoking ~3 consent
        article|art|artikel 21|7
        widerspreche|widersprechen|widerspruch ~10 verarbeitung|daten|werbezwecke*|nutzung|speicherung|profiling
        widerrufe|widerruf|widerrufen ~6 einwilligung
        oppose|opposons|opposer|opposition ~6 donnees|traitement|prospection|utilisation
        retire|retirer ~3 consentement
        opongo|oponemos|oponerme|oposicion ~6 datos|tratamiento|uso
        retiro|revoco|retirar ~3 consentimiento
        """,
        .service: """
        do|does|can|how|could|are|is|will|would you|your|it ~3 handle|manage|deal|process|support|comply|automate|help|delete ~8 data|requests|request|customers
        customer|customers|client|clients|users|visitors|their|subscribers ~1 data|records|requests
        help|helps|helping us ~6 data
        certified|ready|proof|zertifiziert|sicher ~2 gdpr|dsgvo|rgpd
        gdpr|dsgvo|rgpd ~2 certified|ready|proof|banner|banners|consent|zertifiziert|sicher
        comply|complies|vereinbar ~3 gdpr|dsgvo|rgpd
        gdpr|dsgvo|rgpd ~1 compliant|compliance|konform|konformität|conforme|conformite
        kundendaten
        kunden|nutzer ~1 daten
        donnees ~1 clients|des clients|utilisateurs
        datos ~3 clientes|usuarios
        """,
    ])
}
