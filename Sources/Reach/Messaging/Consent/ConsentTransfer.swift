internal import Database
internal import JSON
package import Platform
internal import Records
internal import Runtime
internal import Telemetry

extension Consent {
    /// How consents come in from files, and go out into them.
    package static let transfer: Transfer<Consent> = {
        var transfer = Transfer(resource) { consent, tx in try tx.known(consent) }
        transfer.names = [
            "given_at": """
            consent date,consent time,consented at,opt-in date,opt-in time,optin time,optin date,opted in at,
            date,timestamp,confirm time,subscribed at,signup date
            """,
            "source": "consent source,opt-in source,optin source,signup source,origin,form,where,list",
            "lawful_basis": "legal basis,basis,gdpr basis,rechtsgrundlage",
            "status": """
            consent status,consent,opt-in,opted in,optin,subscribed,subscription status,email permission status
            """,
            "evidence": "proof,wording,consent text,ip,ip address,optin ip,confirm ip",
        ]
        transfer.words = [
            "status": [
                "granted": """
                grant,given,yes,y,true,1,subscribed,opted in,opt in,active,confirmed,consented,allowed,explicit,ja
                """,
                "withdrawn": """
                withdraw,no,n,false,0,unsubscribed,opted out,opt out,revoked,denied,declined,cleaned,nein
                """,
            ],
            "lawful_basis": [
                "consent":
                    "consented,opt in,freely given consent,freely given consent from contact,einwilligung",
                "legitimate_interest": """
                legitimate interests,legitimate interest prospect lead,legitimate interest existing customer,
                berechtigtes interesse
                """,
                "contract": "performance of a contract,contractual,vertrag",
            ],
            "purpose": [
                "marketing": "newsletter,promotion,promotional,advertising,werbung",
                "transactional": "service,transaction",
                "data_collection": "data processing,processing,collection,datenerhebung,datenverarbeitung",
                "enrichment": "data enrichment,anreicherung", "profiling": "profile,scoring,profilbildung",
            ],
            "channel": ["email": "e mail,mail", "sms": "text,text message"],
        ]
        transfer.references = [.contact("contact_id", by: "contact_email")]
        return transfer
    }()
}

extension Transaction {
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
        return try Consent.resource.first(where: condition, suffix: "ORDER BY row LIMIT 1", in: self)?.id
    }
}
