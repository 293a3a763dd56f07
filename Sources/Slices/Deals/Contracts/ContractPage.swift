internal import Database
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// A contract as whoever has its link sees it.
struct ContractPage: PublicDocument {
    func page(_ id: ContractID, path: String, in reader: Reader) throws -> PublicPage {
        try Self.page(Self.shown(id, in: reader), path: path, in: reader)
    }

    func paper(_ id: ContractID, in reader: Reader) throws -> SaleDocumentCopy {
        try reader.contracts.paper(of: Self.shown(id, in: reader))
    }

    func seen(_ id: ContractID, by visitor: Visitor, isRead: Bool, in tx: Transaction) throws {
        try tx.contracts.noteView(of: id, by: visitor, isRead: isRead)
    }

    private static func shown(_ id: ContractID, in reader: Reader) throws -> Contract {
        guard let contract = try Contract.resource.find(id, in: reader), contract.status != .draft
        else { throw Problem(.notFound) }
        return contract
    }

    static func page(
        _ contract: Contract, path: String, problem: Problem? = nil, in reader: some Queryable
    ) throws -> PublicPage {
        let tenant = try reader.agency.tenant()
        let words = SellingCopy(try reader.wordings.find(contract.locale ?? tenant.locale))
        let zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        func day(_ instant: Instant?) -> String {
            instant.map { words.locale.shown(zone.local(of: $0).date) } ?? ""
        }
        var html = HTMLText()
        html.title(contract.title ?? "", kind: words("contract.contract"))
        switch contract.status {
        case .signed:
            html.done(
                words(
                    "contract.signed",
                    ["day": .text(day(contract.signedAt)), "name": .text(contract.signedBy ?? "")]))
        case .declined:
            html.done(words("contract.declined", ["day": .text(day(contract.declinedAt))]))
        case .withdrawn:
            html.done(words("contract.withdrawn", ["day": .text(day(contract.withdrawnAt))]))
        case .draft, .sent: break
        }
        html.paragraph(
            words(
                "contract.between",
                ["agency": .text(tenant.name), "client": .text(contract.clientName)]))
        if let terms = contract.terms, !terms.isEmpty { html.markdown(terms) }
        if !contract.services.list.isEmpty {
            html.heading(words("contract.services"))
            html.table(
                head: [(words("contract.service"), false), (words("contract.what_it_is"), false)],
                rows: contract.services.list.map { [$0.title, $0.description ?? ""] })
        }
        html.heading(words("contract.price_and_term"))
        if !contract.items.list.isEmpty {
            var proposal = Proposal()
            (proposal.items, proposal.total) = (contract.items, contract.value)
            let price = PriceTable(proposal, words)
            html.table(head: price.head, rows: price.rows, foot: price.totals)
        }
        html.facts(ContractFacts(contract, words).all)
        if !contract.sla.list.isEmpty {
            html.heading(words("contract.service_levels"))
            html.facts(contract.sla.list.map { ($0.name, $0.target) })
        }
        if !contract.milestones.list.isEmpty {
            html.heading(words("contract.milestones"))
            html.facts(
                contract.milestones.list.map { ($0.name, $0.due.map { words.locale.shown($0) } ?? "") })
        }
        html.raw(
            "<p><a href=\"\(path.htmlEscaped)/pdf\">\(words("document.download").htmlEscaped)</a></p>"
        )
        if contract.status == .sent, let signature = contract.signature, !signature.isHere {
            try html.signedElsewhere(signature, contract, words, in: reader)
        } else if contract.status == .sent {
            html.heading(words("contract.sign_heading"))
            html.raw(
                "<p class=\"soft\">SHA-256: <code>\((contract.documentHash ?? "").htmlEscaped)</code></p>")
            html.answers(
                path, words, verb: (words("contract.sign"), "sign"),
                consent: words("contract.consent", ["client": .text(contract.clientName)]), problem)
        }
        return PublicPage(
            title: contract.title ?? words("contract.contract"), body: html.text, agency: tenant.name,
            color: tenant.brand?.color ?? "#1f4e79", language: words.language, script: "/public/seen.js")
    }
}

extension HTMLText {
    /// Says where a contract is signed that is not signed here.
    fileprivate mutating func signedElsewhere(
        _ signature: ContractSignature, _ contract: Contract, _ words: SellingCopy, in reader: some Queryable
    ) throws {
        let place = try SigningPlace(signature, contract, in: reader)
        heading(words("contract.sign_heading"))
        raw("<p class=\"done\" role=\"status\">\(place.words(words).htmlEscaped)</p>")
        guard let url = place.url else { return }
        let label = words("contract.sign_there", ["service": .text(place.service)])
        raw(
            "<p><a class=\"button\" rel=\"noopener\" href=\"\(url.htmlEscaped)\">\(label.htmlEscaped)</a></p>"
        )
    }

    mutating func facts(_ facts: [(name: String, value: String)]) {
        raw("<table><tbody>")
        for (name, value) in facts {
            raw("<tr><th scope=\"row\">\(name.htmlEscaped)</th><td>\(value.htmlEscaped)</td></tr>")
        }
        raw("</tbody></table>")
    }
}
