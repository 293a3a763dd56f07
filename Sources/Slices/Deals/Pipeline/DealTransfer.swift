internal import Database
internal import JSON
internal import Messaging
package import Platform
internal import Records
internal import Runtime

extension DealsServices {
    /// How deals come in from files, and go out into them.
    package var transfer: Transfer<Deal> {
        var transfer = Transfer(Deal.resource) { deal, tx in
            try Deal.resource.first(
                where: "lead_id = \(deal.leadID) AND name = \(deal.name)", suffix: "ORDER BY row LIMIT 1",
                in: tx)?.id
        }
        transfer.names = Deal.columnNames
        transfer.words = ["stage": Deal.stageNames]
        transfer.references =
            sources.dealReferences + [
                .contact("contact_id", by: "contact_email").lenient,
                .package("package_id", by: "package").lenient, .user("owner_id", by: "owner_email").lenient,
            ]
        transfer.leftovers = "notes"
        transfer.settle = Deal.settle
        transfer.create = { deal, actor, tx in try create(&deal, by: actor, in: tx) }
        return transfer
    }
}

extension Deal {
    fileprivate static let columnNames = [
        "name": "deal,deal name,opportunity,opportunity name,title,deal title",
        "value": "amount,deal value,deal amount,opportunity amount,price,worth,wert,betrag",
        "stage": "deal stage,pipeline stage,sales stage,opportunity stage,status,phase",
        "probability": "deal probability,win probability,chance",
        "expected_close": """
        close date,closing date,expected close date,expected closing date,expected close,estimated close date
        """,
        "lost_reason": "closed lost reason,reason lost,loss reason",
        "lead_email": "lead",
        "company": "associated company,client,customer",
        "contact_email": "associated contact,primary contact,contact",
        "owner_email": "deal owner,opportunity owner",
        "package": "product,service,plan",
    ]

    /// Stages as other programs call them.
    fileprivate static let stageNames = [
        "outreach":
            "new,prospecting,qualification,qualified,lead in,contacted,contact made,appointment scheduled,open",
        "needs_assessment": """
        discovery,needs analysis,needs defined,qualified to buy,demo scheduled,presentation scheduled,
        value proposition
        """,
        "proposal_created": "quote created,proposal draft",
        "proposal_delivered": """
        proposal,quote,proposal made,proposal sent,quote sent,proposal price quote,perception analysis
        """,
        "negotiation": "negotiation review,negotiations started,decision maker bought in,id decision makers",
        "contract": "contract sent,contracting,verbal,commit",
        "won": "closed won,close won,gewonnen", "lost": "closed lost,close lost,verloren,abandoned",
    ]

    /// The person whom a deal is with is mostly the lead's; a stage's own probability is not somebody's word.
    fileprivate static func settle(_ row: inout TransferRow) {
        if row.given["lead_email"] == nil { row.given["lead_email"] = row.given["contact_email"] }
        if row.readOnly["has_own_probability"] == "false" { row.values["probability"] = nil }
        if row.values["name"] == nil, !row.isOwn, let company = row.given["company"] {
            row.values["name"] = .string(company)
        }
    }
}

extension TransferReference {
    /// A package, by its name.
    package static func package(_ field: String, by column: String) -> TransferReference {
        TransferReference(
            field, by: [column],
            exists: { reader, id in
                try ID<ServicePackage>(id).flatMap { try ServicePackage.resource.find($0, in: reader) } != nil
            },
            find: { tx, given in
                guard let name = given[column] else { return nil }
                return try ServicePackage.resource.first(
                    where: "name = \(name)", suffix: "ORDER BY archived, row LIMIT 1", in: tx)?.id.text
            },
            keys: { reader, ids in try ServicePackage.resource.texts(\.name, of: ids, in: reader) })
    }
}
