import Agents
import Deals
import Delivery
import Discovery
import JSON
import Jobs
import Lexicons
import People
import Records
import Testing

@testable import Transfer

/// Lexicons hold the names that files from elsewhere give their columns, and the values in them.
struct `Names of columns and values` {
    private static let deals = Deal.transfer([.lead("lead_id", byEmail: "lead_email", company: "company")])
    private static let clients = Client.transfer([
        .lead("lead_id", byEmail: "lead_email"), .package("package_id", by: "package"),
    ])

    /// The targets that a file's columns fill, separated by bars as its headers are.
    private func targets<R: ManagedRecord>(of headers: String, _ transfer: Transfer<R>) -> String {
        let names = headers.split(separator: "|").map { String($0) }
        return TransferColumns(names, explicit: [:], transfer).columns
            .map { $0.isFilling ? $0.target ?? "" : "" }.joined(separator: "|")
    }

    // MARK: Columns

    @Test(arguments: [
        "First Name|Last Name|Email Address|Mobile|Organization|Job Title|Country|City|Labels|Language|DNC",
        "Vorname|Nachname|E-Mail-Adresse|Handynummer|Firma|Position|Land|Ort|Schlagwörter|Sprache|Abgemeldet",
        "Prénom|Nom|Adresse e-mail|Téléphone portable|Société|Poste|Pays|Ville|Mots-clés|Langue|Désinscrit",
        "Nombre|Apellidos|Correo electrónico|Móvil|Empresa|Cargo|País|Ciudad|Etiquetas|Idioma|No contactar",
        "Nome|Cognome|Indirizzo e-mail|Cellulare|Azienda|Ruolo|Paese|Città|Etichette|Lingua|Non contattare",
        "Primeiro nome|Sobrenome|Endereço de e-mail|Celular|Empresa|Cargo|País|Cidade|Etiquetas|Idioma|Não contatar",
        "Voornaam|Achternaam|E-mailadres|Mobiel|Bedrijfsnaam|Functie|Land|Woonplaats|Trefwoorden|Taal|Afgemeld",
    ])
    func `of people are known in seven languages`(_ headers: String) {
        #expect(
            targets(of: headers, Contact.transfer)
                == "first_name|last_name|email|phone|company|title|country|location|tags|locale|do_not_contact"
        )
    }

    @Test(arguments: [
        "Email|Opt-in Time|Signup Source|Legal Basis|Consent Status|Purpose|Medium|IP Address",
        "E-Mail-Adresse|Datum der Einwilligung|Herkunft|Rechtsgrundlage|Zustimmung|Zweck|Kanal|Nachweis",
        "Adresse e-mail|Date de consentement|Provenance|Base légale|Statut du consentement|Finalité|Canal|Preuve",
        "Correo electrónico|Fecha del consentimiento|Procedencia|Base jurídica|Estado|Finalidad|Canal|Prueba",
        "Indirizzo e-mail|Data del consenso|Provenienza|Base giuridica|Stato del consenso|Finalità|Canale|Prova",
        "Endereço de e-mail|Data do consentimento|Origem|Base legal|Situação|Finalidade|Canal|Prova",
        "E-mailadres|Datum toestemming|Herkomst|Grondslag|Toestemming|Doel|Kanaal|Bewijs",
    ])
    func `of consents are known in seven languages`(_ headers: String) {
        #expect(
            targets(of: headers, Consent.transfer)
                == "contact_email|given_at|source|lawful_basis|status|purpose|channel|evidence")
    }

    @Test(arguments: [
        "Email Address|Unsubscribe Reason|Unsubscribed At|Subscription Status|Comments",
        "E-Mail-Adresse|Abmeldegrund|Abgemeldet am|Abgemeldet|Bemerkung",
        "Adresse e-mail|Motif de désinscription|Désinscrit le|Désinscrit|Commentaire",
        "Correo electrónico|Motivo de la baja|Fecha de baja|Dado de baja|Comentarios",
        "Indirizzo e-mail|Motivo|Disiscritto il|Disiscritto|Commenti",
        "Endereço de e-mail|Motivo do cancelamento|Cancelado em|Cancelado|Comentários",
        "E-mailadres|Reden van uitschrijving|Uitgeschreven op|Uitgeschreven|Opmerking",
    ])
    func `of suppressions are known in seven languages`(_ headers: String) {
        #expect(targets(of: headers, Suppression.transfer) == "address|reason|since|status|note")
    }

    @Test(arguments: [
        "Customer Name|Billing Email|Segment|Status|Stage|Product|Comments",
        "Kundenname|Rechnungs-E-Mail|Tarif|Kundenstatus|Kundenphase|Paket|Bemerkungen",
        "Nom du client|E-mail de facturation|Formule|Statut|Étape|Forfait|Remarques",
        "Nombre del cliente|Correo de facturación|Tarifa|Estado|Etapa|Paquete|Observaciones",
        "Nome cliente|E-mail di fatturazione|Piano|Stato|Fase|Pacchetto|Osservazioni",
        "Nome do cliente|Email de faturação|Plano|Situação|Etapa|Pacote|Observações",
        "Klantnaam|Facturatie-e-mail|Abonnement|Klantstatus|Fase|Pakket|Opmerkingen",
    ])
    func `of clients are known in seven languages`(_ headers: String) {
        #expect(
            targets(of: headers, Self.clients)
                == "name|contact_email|tier|status|lifecycle|package|notes")
    }

    @Test(arguments: [
        "Account Name|Platform|KPI|Day|Amount|Unit", "Kunde|Kanal|Kennzahl|Datum|Wert|Einheit",
        "Nom du client|Plateforme|Indicateur|Jour|Valeur|Unité",
        "Cliente|Fuente|Métrica|Fecha|Valor|Unidad", "Cliente|Piattaforma|Metrica|Data|Valore|Unità",
        "Cliente|Fonte|Indicador|Data|Valor|Unidade", "Klant|Kanaal|Meetwaarde|Datum|Waarde|Eenheid",
    ])
    func `of metrics are known in seven languages`(_ headers: String) {
        #expect(targets(of: headers, MetricValue.transfer) == "client|source|metric|date|value|unit")
    }

    @Test(arguments: [
        "Deal Name|Amount|Currency|Deal Stage|Chance|Close Date|Loss Reason|Customer|Contact|Deal Owner",
        "Verkaufschance|Betrag|Währung|Phase|Wahrscheinlichkeit|Abschlussdatum|Verlustgrund|Firma|Kontakt|Betreuer",
        "Affaire|Montant|Devise|Étape|Probabilité|Date de clôture|Motif de perte|Client|Contact|Propriétaire",
        "Negocio|Importe|Moneda|Etapa|Probabilidad|Fecha de cierre|Motivo de la pérdida|Empresa|Contacto|Propietario",
        "Trattativa|Importo|Valuta|Fase|Probabilità|Data di chiusura|Motivo perdita|Azienda|Referente|Proprietario",
        "Negócio|Valor|Moeda|Etapa do funil|Probabilidade|Data de fechamento|Motivo da perda|Empresa|Contato|Vendedor",
        "Verkoopkans|Bedrag|Valuta|Fase|Slagingskans|Sluitingsdatum|Verliesreden|Bedrijf|Contactpersoon|Eigenaar",
    ])
    func `of deals are known in seven languages`(_ headers: String) {
        #expect(
            targets(of: headers, Self.deals)
                == "name|value|currency|stage|probability|expected_close|lost_reason|company|contact_email|owner_email"
        )
    }

    @Test func `may have remarks, articles and numbers beside them`() {
        #expect(targets(of: "Betrag (TEUR)|Date de la clôture", Self.deals) == "value|expected_close")
        #expect(targets(of: "Nome da empresa *|Telefon 2", Contact.transfer) == "company|phone")
    }

    // MARK: Values

    @Test(arguments: [
        ("Closed Won", "Proposal sent"), ("Gewonnen", "Angebot verschickt"), ("Gagnée", "Devis envoyé"),
        ("Cierre ganado", "Presupuesto enviado"), ("Chiusa vinta", "Preventivo inviato"),
        ("Fechado e ganho", "Orçamento enviado"), ("GEWONNEN", "Offerte verstuurd"),
    ])
    func `of stages are known in seven languages`(_ won: String, _ delivered: String) {
        let stages = Self.deals.words.value["stage"] ?? [:]
        #expect(stages[TransferCell.folded(won)] == "won")
        #expect(stages[TransferCell.folded(delivered)] == "proposal_delivered")
    }

    @Test(arguments: [
        ("Opted in", "Opted out", "Performance of a contract"),
        ("Erteilt", "Widerrufen", "Vertragserfüllung"),
        ("Accordé", "Retiré", "Exécution du contrat"), ("Otorgado", "Revocado", "Ejecución del contrato"),
        ("Prestato", "Revocato", "Esecuzione del contratto"),
        ("Concedido", "Revogado", "Execução do contrato"),
        ("Verleend", "Ingetrokken", "Uitvoering van de overeenkomst"),
    ])
    func `of consents' choices are known in seven languages`(
        _ granted: String, _ withdrawn: String, _ contract: String
    ) {
        let words = Consent.transfer.words.value
        #expect(words["status"]?[TransferCell.folded(granted)] == "granted")
        #expect(words["status"]?[TransferCell.folded(withdrawn)] == "withdrawn")
        #expect(words["lawful_basis"]?[TransferCell.folded(contract)] == "contract")
    }

    // MARK: The lexicons

    @Test func `are each of one meaning, and as many in every language`() {
        var faults: [String] = []
        faults += Self.faults(of: Contact.transfer)
        faults += Self.faults(of: Consent.transfer)
        faults += Self.faults(of: Suppression.transfer, besides: ["subscribed"])
        faults += Self.faults(of: Self.clients)
        faults += Self.faults(of: MetricValue.transfer)
        faults += Self.faults(of: Self.deals)
        #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
    }

    private static func faults<R: ManagedRecord>(
        of transfer: Transfer<R>, besides others: Set<String> = []
    ) -> [String] {
        let resource = transfer.resource.table, lexicon = transfer.lexicon.value
        let guesses = HeaderGuesses(transfer)
        var faults: [String] = [], sections = others
        for target in transfer.targets {
            sections.insert(target)
            for name in lexicon.phrases(target) {
                let found = guesses.target(of: name) ?? "nothing"
                if found != target { faults.append("\(resource): '\(name)' is \(found), not \(target)") }
            }
        }
        for field in transfer.resource.fields {
            guard case .choice(let choices) = field.kind else { continue }
            for choice in choices {
                sections.insert("\(field.name): \(choice)")
                for name in lexicon.phrases("\(field.name): \(choice)") {
                    let found = transfer.words.value[field.name]?[TransferCell.folded(name)] ?? "nothing"
                    if found != choice { faults.append("\(resource): '\(name)' is \(found), not \(choice)") }
                }
            }
        }
        for section in lexicon.sections.sorted() {
            if !sections.contains(section) { faults.append("\(resource): nothing reads [\(section)]") }
            // A field's own name is its name in English.
            for language in lexicon.languages
            where language != "en" && lexicon.lines(section, in: language).isEmpty {
                faults.append("\(resource): \(language) has no [\(section)]")
            }
        }
        return faults
    }
}
