internal import Database
internal import Documents
internal import JSON
internal import Markdown
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// A signature as the certificate tells it.
struct SigningEvidence: Sendable {
    let name: String
    let at: Instant
    let visitor: Visitor
    /// The digest of the document that was presented.
    let hash: String
}

extension ContractStore {
    /// A contract as a document; with the certificate of its signature where there is one.
    func document(
        of contract: Contract, made: Instant, via: ContractSignature.Via = .builtIn,
        signature: SigningEvidence? = nil
    ) throws -> Document {
        let tenant = try tx.agency.tenant()
        let words = SellingCopy(try tx.wordings.find(contract.locale ?? tenant.locale))
        let zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        var blocks = [cover(contract, of: tenant, words)] + terms(contract, words)
        if let signature {
            blocks += [.pageBreak] + certificate(signature, contract, words, zone)
        } else {
            blocks += try placeToSign(contract, via, words)
        }
        var document = Document(
            title: contract.title ?? words("contract.contract"), language: words.language,
            brand: try tx.salesPages.paperBrand(), created: made, blocks: blocks)
        document.pageFormat = words.pageFormat
        document.metadata = [
            "kind": signature == nil ? "contract" : "signed_contract", "contract": "\(contract.id)",
        ]
        if let signature { document.metadata["presented_sha256"] = signature.hash }
        return document
    }

    private func day(_ date: CivilDate?, _ words: SellingCopy) -> String {
        date.map { words.locale.shown($0) } ?? ""
    }

    private func cover(_ contract: Contract, of tenant: Tenant, _ words: SellingCopy) -> Block {
        .cover(
            Cover(
                kind: words("contract.contract"),
                facts: [
                    Fact(
                        words("contract.agency"),
                        [tenant.name, tenant.postalAddress].compactMap { $0 }.joined(separator: "\n")),
                    Fact(words("contract.client"), contract.clientName),
                    Fact(words("contract.begins"), day(contract.startsOn, words)),
                    Fact(words("price.price"), ContractFacts.price(contract, words)),
                ]))
    }

    /// Everything that is agreed on.
    private func terms(_ contract: Contract, _ words: SellingCopy) -> [Block] {
        var blocks: [Block] = []
        if let terms = contract.terms, !terms.isEmpty { blocks.append(.markdown(terms)) }
        if !contract.services.list.isEmpty {
            blocks.append(.heading(level: 1, words("contract.services")))
            blocks.append(.table(serviceTable(contract, words)))
        }
        blocks.append(.heading(level: 1, words("contract.price_and_term")))
        if !contract.items.list.isEmpty { blocks.append(.table(itemTable(contract, words))) }
        blocks.append(.facts(ContractFacts(contract, words).all.map { Fact($0.name, $0.value) }))
        if !contract.sla.list.isEmpty {
            blocks.append(.heading(level: 1, words("contract.service_levels")))
            blocks.append(.facts(contract.sla.list.map { Fact($0.name, $0.target) }))
        }
        if !contract.milestones.list.isEmpty {
            blocks.append(.heading(level: 1, words("contract.milestones")))
            blocks.append(.facts(contract.milestones.list.map { Fact($0.name, day($0.due, words)) }))
        }
        return blocks
    }

    private func serviceTable(_ contract: Contract, _ words: SellingCopy) -> Table {
        Table(
            columns: [
                .init(words("contract.service"), width: .share(1)),
                .init(words("contract.what_it_is"), width: .share(2)),
            ],
            rows: contract.services.list.map {
                Table.Row([[.strong([.text($0.title)])], $0.description.map { [.text($0)] } ?? []])
            })
    }

    /// The way of signing, and the place for the signature where a service needs one.
    private func placeToSign(
        _ contract: Contract, _ via: ContractSignature.Via, _ words: SellingCopy
    ) throws -> [Block] {
        if via == .builtIn {
            return [.note(title: words("contract.signing"), [.text(words("contract.signing_about"))])]
        }
        let name = try contract.contactID.flatMap { try Contact.resource.find($0, in: tx) }?.name
        return [
            .note(
                title: words("contract.signing"),
                [.text(words("contract.signing_elsewhere", ["service": .text(via.title)]))]),
            // The service finds the place for the signature by the contract's identifier.
            .signatureLines(["\(name ?? contract.clientName) – \(contract.id)"]),
        ]
    }

    private func itemTable(_ contract: Contract, _ words: SellingCopy) -> Table {
        var proposal = Proposal()
        (proposal.items, proposal.total) = (contract.items, contract.value)
        return PriceTable(proposal, words).table
    }

    private func certificate(
        _ signature: SigningEvidence, _ contract: Contract, _ words: SellingCopy, _ zone: TimeZoneRules
    ) -> [Block] {
        func moment(_ instant: Instant?) -> String {
            instant.map { "\(words.locale.shown($0, in: zone)) (\($0.description))" } ?? "–"
        }
        let opened = contract.evidence["opened"]
        return [
            .heading(level: 1, words("contract.certificate")),
            .signatures([
                Signature(
                    title: words("contract.signed_electronically"),
                    name: signature.name,
                    facts: [
                        Fact(words("contract.time"), moment(signature.at)),
                        Fact(words("contract.address"), signature.visitor.address),
                        Fact(words("contract.device"), signature.visitor.userAgent ?? "–"),
                        Fact(
                            words("contract.intent"),
                            words("contract.intent_about")),
                    ],
                    hash: Fact(
                        words("contract.hash"), signature.hash))
            ]),
            .heading(level: 2, words("contract.what_happened")),
            .facts([
                Fact(words("contract.made"), moment(contract.createdAt)),
                Fact(words("contract.presented"), moment(contract.sentAt)),
                Fact(
                    words("contract.opened"),
                    [moment(opened?["at"]?.text.flatMap { Instant($0) }), opened?["address"]?.text]
                        .compactMap { $0 }.joined(separator: ", ")),
                Fact(words("contract.signed_at"), moment(signature.at)),
                Fact(words("contract.contract"), "\(contract.id)"),
            ]),
        ]
    }

    /// Returns a contract's file: set anew while it is a draft, then kept.
    func paper(of contract: Contract) throws -> SaleDocumentCopy {
        let name = contract.title ?? "Contract"
        if let id = contract.signedFileID ?? contract.fileID {
            return SaleDocumentCopy(
                name, .kept(try tx.files.content(of: StoredFile.resource.get(id, in: tx))))
        }
        return SaleDocumentCopy(name, .document(try document(of: contract, made: contract.createdAt)))
    }
}

/// Price and term, as names and values.
struct ContractFacts {
    let all: [(name: String, value: String)]

    /// Returns the price as people read it: per month, and once.
    static func price(_ contract: Contract, _ words: SellingCopy) -> String {
        let monthly = contract.price.flatMap { $0.amount > 0 || contract.oneOff == nil ? $0 : nil }
        return [
            monthly.map { "\(words.locale.shown($0)) \(words.perMonth)" },
            contract.oneOff.map { "\(words.locale.shown($0)) \(words.once)" },
        ].compactMap(\.self).joined(separator: " + ")
    }

    init(_ contract: Contract, _ words: SellingCopy) {
        var all: [(String, String)] = []
        all.append((words("price.price"), Self.price(contract, words)))
        if let start = contract.startsOn {
            all.append((words("contract.begins"), words.locale.shown(start)))
        }
        all.append(
            (
                words("contract.term"),
                (contract.termMonths ?? contract.months).map {
                    words("contract.months", ["count": .number($0)])
                }
                    ?? words("contract.open_ended")
            ))
        all.append(
            (
                words("contract.notice"),
                words("contract.days", ["count": .number(contract.noticeDays)])
            ))
        self.all = all
    }
}
