internal import Database
internal import Documents
internal import JSON
internal import Markdown
internal import Platform
internal import Records
internal import Telemetry
internal import Templates

/// A signature as the certificate tells it.
struct SigningEvidence: Sendable {
    let name: String
    let at: Instant
    let visitor: Visitor
    /// Of the document that was presented.
    let hash: String
}

extension Queryable {
    /// A contract as a document; with the certificate of its signature where there is one.
    func document(of contract: Contract, made: Instant, signature: SigningEvidence? = nil) throws -> Document
    {
        let tenant = try ownTenant()
        let words = SellingWords(contract.locale ?? tenant.locale)
        let zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        func day(_ date: CivilDate?) -> String { date.map { words.locale.shown($0) } ?? "" }
        var blocks: [Block] = [
            .cover(
                Cover(
                    kind: words("Contract", "Vertrag"),
                    facts: [
                        Fact(
                            words("Agency", "Agentur"),
                            [tenant.name, tenant.postalAddress].compactMap { $0 }.joined(separator: "\n")),
                        Fact(words("Client", "Kunde"), contract.clientName),
                        Fact(words("Begins", "Beginn"), day(contract.startsOn)),
                        Fact(
                            words("Price", "Preis"),
                            ContractFacts.price(contract, words)),
                    ]))
        ]
        if let terms = contract.terms, !terms.isEmpty { blocks.append(.markdown(terms)) }
        if !contract.services.list.isEmpty {
            blocks.append(.heading(level: 1, words("Services", "Leistungen")))
            blocks.append(
                .table(
                    Table(
                        columns: [
                            .init(words("Service", "Leistung"), width: .share(1)),
                            .init(words("What it is", "Was sie ist"), width: .share(2)),
                        ],
                        rows: contract.services.list.map {
                            Table.Row([
                                [.strong([.text($0.title)])], $0.description.map { [.text($0)] } ?? [],
                            ])
                        })))
        }
        blocks.append(.heading(level: 1, words("Price and term", "Preis und Laufzeit")))
        if !contract.items.list.isEmpty { blocks.append(.table(itemTable(contract, words))) }
        blocks.append(.facts(ContractFacts(contract, words).all.map { Fact($0.name, $0.value) }))
        if !contract.sla.list.isEmpty {
            blocks.append(.heading(level: 1, words("Service levels", "Zugesagte Güte")))
            blocks.append(.facts(contract.sla.list.map { Fact($0.name, $0.target) }))
        }
        if !contract.milestones.list.isEmpty {
            blocks.append(.heading(level: 1, words("Milestones", "Meilensteine")))
            blocks.append(.facts(contract.milestones.list.map { Fact($0.name, day($0.due)) }))
        }
        if let signature {
            blocks += [.pageBreak] + certificate(signature, contract, words, zone)
        } else {
            blocks.append(
                .note(
                    title: words("Signing", "Unterschrift"),
                    [
                        .text(
                            words(
                                "This contract is signed electronically, on the page that its link leads to. The "
                                    + "certificate of the signature is added to it.",
                                "Dieser Vertrag wird elektronisch unterschrieben, auf der Seite, zu der sein Link "
                                    + "führt. Der Nachweis der Unterschrift wird ihm angefügt."))
                    ]))
        }
        var document = Document(
            title: contract.title ?? words("Contract", "Vertrag"), language: words.language,
            brand: try paperBrand(), created: made, blocks: blocks)
        document.pageFormat = words("Page {page} of {pages}", "Seite {page} von {pages}")
        document.metadata = [
            "kind": signature == nil ? "contract" : "signed_contract", "contract": contract.id.text,
        ]
        if let signature { document.metadata["presented_sha256"] = signature.hash }
        return document
    }

    private func itemTable(_ contract: Contract, _ words: SellingWords) -> Table {
        var proposal = Proposal()
        (proposal.items, proposal.total) = (contract.items, contract.value)
        return PriceTable(proposal, words).table
    }

    private func certificate(
        _ signature: SigningEvidence, _ contract: Contract, _ words: SellingWords, _ zone: TimeZoneRules
    ) -> [Block] {
        func moment(_ instant: Instant?) -> String {
            instant.map { "\(words.locale.shown($0, in: zone)) (\($0.description))" } ?? "–"
        }
        let opened = contract.evidence["opened"]
        return [
            .heading(level: 1, words("Certificate of signature", "Nachweis der Unterschrift")),
            .signatures([
                Signature(
                    title: words("Signed electronically", "Elektronisch unterschrieben"),
                    name: signature.name,
                    facts: [
                        Fact(words("Time", "Zeit"), moment(signature.at)),
                        Fact(words("Address", "Adresse"), signature.visitor.address),
                        Fact(words("Device", "Gerät"), signature.visitor.userAgent ?? "–"),
                        Fact(
                            words("Intent and consent", "Absicht und Einverständnis"),
                            words(
                                "Typed the name, and agreed to sign this contract electronically.",
                                "Hat den Namen getippt und zugestimmt, diesen Vertrag elektronisch zu unterschreiben."
                            )),
                    ],
                    hash: Fact(
                        words("SHA-256 of what was signed", "SHA-256 des Unterschriebenen"), signature.hash))
            ]),
            .heading(level: 2, words("What happened", "Was geschah")),
            .facts([
                Fact(words("Made", "Erstellt"), moment(contract.createdAt)),
                Fact(words("Presented", "Vorgelegt"), moment(contract.sentAt)),
                Fact(
                    words("Opened", "Geöffnet"),
                    [moment(opened?["at"]?.text.flatMap { Instant($0) }), opened?["address"]?.text]
                        .compactMap { $0 }.joined(separator: ", ")),
                Fact(words("Signed", "Unterschrieben"), moment(signature.at)),
                Fact(words("Contract", "Vertrag"), contract.id.text),
            ]),
        ]
    }

    /// What a contract's file is: set anew while it is a draft, then kept.
    func paper(of contract: Contract) throws -> Paper {
        let name = contract.title ?? "Contract"
        if let id = contract.signedFileID ?? contract.fileID {
            return Paper(name, .kept(try content(of: StoredFile.resource.get(id, in: self))))
        }
        return Paper(name, .document(try document(of: contract, made: contract.createdAt)))
    }
}

/// Price and term, as names and values.
struct ContractFacts {
    let all: [(name: String, value: String)]

    /// What is paid a month, and once.
    static func price(_ contract: Contract, _ words: SellingWords) -> String {
        let monthly = contract.price.flatMap { $0.amount > 0 || contract.oneOff == nil ? $0 : nil }
        return [
            monthly.map { "\(words.locale.shown($0)) \(words.perMonth)" },
            contract.oneOff.map { "\(words.locale.shown($0)) \(words.once)" },
        ].compactMap(\.self).joined(separator: " + ")
    }

    init(_ contract: Contract, _ words: SellingWords) {
        var all: [(String, String)] = []
        all.append((words("Price", "Preis"), Self.price(contract, words)))
        if let start = contract.startsOn {
            all.append((words("Begins", "Beginn"), words.locale.shown(start)))
        }
        all.append(
            (
                words("Term", "Laufzeit"),
                contract.months.map { words("\($0) months", "\($0) Monate") }
                    ?? words("Until one of us ends it", "Bis eine Seite kündigt")
            ))
        all.append(
            (
                words("Notice", "Kündigungsfrist"),
                words("\(contract.noticeDays) days", "\(contract.noticeDays) Tage")
            ))
        self.all = all
    }
}
