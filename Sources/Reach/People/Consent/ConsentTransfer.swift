internal import Database
internal import JSON
internal import Lexicons
internal import Nouns
internal import Records
internal import Telemetry
package import Transfer

extension Consent {
    /// The import and export of consents as files.
    package static let transfer: Transfer<Consent> = {
        var transfer = Transfer(resource, Lexicon("consents", in: ResourceTable.texts)) { consent, tx in
            try tx.consents.known(consent)
        }
        transfer.references = [.contact("contact_id", by: "contact_email")]
        return transfer
    }()
}

extension ConsentStore where Base == Transaction {
    /// Returns the stored consent that is the same as the given one: of the same contact, purpose and channel, given at
    /// the same moment to the millisecond, as files write moments; without a moment, with the same status, basis and
    /// source.
    fileprivate func known(_ consent: Consent) throws -> ID<Consent>? {
        var condition: SQL = """
            contact_id = \(consent.contactID) AND purpose = \(consent.purpose.rawValue)
            """
        if consent.purpose.isSending { condition += " AND channel = \((consent.channel ?? .email).rawValue)" }
        if let given = consent.givenAt {
            let start = Instant(microseconds: given.microseconds.dividedDown(by: 1000) * 1000)
            condition += " AND given_at >= \(start) AND given_at < \(start + .milliseconds(1))"
        } else {
            condition += """
                 AND status = \(consent.status.rawValue) AND lawful_basis = \(consent.basis.rawValue)
                    AND source = \(consent.source)
                """
        }
        return try Consent.resource.first(where: condition, suffix: "ORDER BY row LIMIT 1", in: tx)?.id
    }
}
