internal import Database
internal import Platform
internal import Records
internal import Telemetry
internal import Templates

/// A contract as whoever has its link sees it.
struct ContractPage: PublicDocument {
    let idPrefix = Contract.idPrefix

    func page(_ id: String, path: String, in reader: Reader) throws -> PublicPage {
        try Self.page(Self.shown(id, in: reader), path: path, in: reader)
    }

    func paper(_ id: String, in reader: Reader) throws -> Paper {
        try reader.paper(of: Self.shown(id, in: reader))
    }

    func seen(_ id: String, by visitor: Visitor, isRead: Bool, in tx: Transaction) throws {
        if let id = ID<Contract>(id) { try tx.noteView(of: id, by: visitor, isRead: isRead) }
    }

    private static func shown(_ id: String, in reader: Reader) throws -> Contract {
        guard let id = ID<Contract>(id), let contract = try Contract.resource.find(id, in: reader),
            contract.status != .draft
        else { throw Problem(.notFound) }
        return contract
    }

    static func page(
        _ contract: Contract, path: String, problem: Problem? = nil, in reader: some Queryable
    ) throws -> PublicPage {
        let tenant = try reader.ownTenant()
        let words = SellingWords(contract.locale ?? tenant.locale)
        let zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        func day(_ instant: Instant?) -> String {
            instant.map { words.locale.shown(zone.local(of: $0).date) } ?? ""
        }
        var html = HTMLText()
        html.title(contract.title ?? "", kind: words("Contract", "Vertrag"))
        switch contract.status {
        case .signed:
            html.done(
                words(
                    "Signed on \(day(contract.signedAt)) by \(contract.signedBy ?? ""). Thank you.",
                    "Unterschrieben am \(day(contract.signedAt)) von \(contract.signedBy ?? ""). Vielen Dank."
                ))
        case .declined:
            html.done(
                words("Declined on \(day(contract.declinedAt)).", "Abgelehnt am \(day(contract.declinedAt)).")
            )
        case .draft, .sent: break
        }
        html.paragraph(
            words(
                "Between \(tenant.name) and \(contract.clientName).",
                "Zwischen \(tenant.name) und \(contract.clientName)."))
        if let terms = contract.terms, !terms.isEmpty { html.markdown(terms) }
        if !contract.services.list.isEmpty {
            html.heading(words("Services", "Leistungen"))
            html.table(
                head: [(words("Service", "Leistung"), false), (words("What it is", "Was sie ist"), false)],
                rows: contract.services.list.map { [$0.title, $0.description ?? ""] })
        }
        html.heading(words("Price and term", "Preis und Laufzeit"))
        if !contract.items.list.isEmpty {
            var proposal = Proposal()
            (proposal.items, proposal.total) = (contract.items, contract.value)
            let price = PriceTable(proposal, words)
            html.table(head: price.head, rows: price.rows, foot: price.totals)
        }
        html.facts(ContractFacts(contract, words).all)
        if !contract.sla.list.isEmpty {
            html.heading(words("Service levels", "Zugesagte Güte"))
            html.facts(contract.sla.list.map { ($0.name, $0.target) })
        }
        if !contract.milestones.list.isEmpty {
            html.heading(words("Milestones", "Meilensteine"))
            html.facts(
                contract.milestones.list.map { ($0.name, $0.due.map { words.locale.shown($0) } ?? "") })
        }
        html.raw(
            "<p><a href=\"\(path.htmlEscaped)/pdf\">\(words("Download as PDF", "Als PDF herunterladen").htmlEscaped)</a></p>"
        )
        if contract.status == .sent {
            html.heading(words("Sign", "Unterschreiben"))
            html.raw(
                "<p class=\"soft\">SHA-256: <code>\((contract.documentHash ?? "").htmlEscaped)</code></p>")
            html.answers(
                path, words, verb: (words("Sign the contract", "Vertrag unterschreiben"), "sign"),
                consent: words(
                    "I agree to sign this contract electronically, for \(contract.clientName), and may do so.",
                    "Ich stimme zu, diesen Vertrag für \(contract.clientName) elektronisch zu unterschreiben, und bin "
                        + "dazu befugt."), problem)
        }
        return PublicPage(
            title: contract.title ?? words("Contract", "Vertrag"), body: html.text, agency: tenant.name,
            color: tenant.brand?.color ?? "#1f4e79", language: words.language, script: "/public/seen.js")
    }
}

extension HTMLText {
    mutating func facts(_ facts: [(name: String, value: String)]) {
        raw("<table><tbody>")
        for (name, value) in facts {
            raw("<tr><th scope=\"row\">\(name.htmlEscaped)</th><td>\(value.htmlEscaped)</td></tr>")
        }
        raw("</tbody></table>")
    }
}
