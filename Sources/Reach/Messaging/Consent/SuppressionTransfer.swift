internal import JSON
package import Platform
internal import Records
internal import Runtime

extension Suppression {
    /// How lists of those who are not to be written to come in from files, and go out into them. One column
    /// of addresses is enough; what such a list says besides never keeps an address of it out.
    package static let transfer: Transfer<Suppression> = {
        var transfer = Transfer(resource) { suppression, tx in
            try tx.suppression(of: suppression.address, suppression.channel, scope: suppression.covers)?.id
        }
        transfer.names = [
            "address": """
            email,email address,e-mail,e-mail address,mail,subscriber,subscriber email,recipient,contact email,
            domain,domain name,phone,phone number,contact
            """,
            "reason": "unsubscribe reason,unsub reason,suppression reason,type,bounce type,grund",
            since: """
            unsubscribed at,unsubscribe date,unsubscribe time,unsub time,unsubscribed on,opt-out date,opt-out time,
            opted out at,optout date,optout time,date,timestamp,suppressed at,created,created at,created on,added,
            added at,added on,blocked at
            """,
            status: """
            subscription status,email status,opted out,opted out of email,unsubscribed,email opt out,has opted out,
            has opted out of email,unsubscribed from all email,abgemeldet
            """,
        ]
        transfer.words = [
            "reason": [
                "unsubscribe": "unsubscribed,unsub,opt out,opted out,optout,user unsubscribed,abgemeldet",
                "bounce": "bounced,hard,hard bounce,hard bounced,soft bounce,cleaned,invalid",
                "complaint": "complained,spam,spam complaint,spam report,spamreport,abuse,marked as spam",
                "manual": "blocked,block,blocklist,blacklist,admin,manually",
            ],
            "scope": ["all": "everything,any", "marketing": "promotional,newsletter"],
            "channel": ["email": "e mail,mail", "sms": "text,text message,phone"],
        ]
        transfer.companions = [since, status]
        transfer.leftovers = "note"
        transfer.lenient = ["reason", "scope"]
        transfer.bareField = { cell in
            let text = TextCleaning.line(cell)
            return text.hasPrefix("@") || EmailAddress(text) != nil ? "address" : nil
        }
        transfer.settle = settle
        return transfer
    }()

    private static let since = "since", status = "status"

    private static func settle(_ row: inout TransferRow) {
        guard !row.isOwn else { return }
        if let said = row.given[status] {
            // A whole list of subscribers says of each whether it is meant.
            if isSubscribed(said) { row.isLeftOut = true }
            if !isAnswer(said) { row.leave(said, from: "Status") }
        }
        if let date = row.given[since] { row.leave(date, from: "Since") }
        if row.values["reason"] == nil { row.values["reason"] = "unsubscribe" }
        guard let text = row.values["address"]?.text else { return }
        if let email = EmailAddress(deobfuscating: text) {
            row.values["address"] = .string(email.key)
        } else if !text.contains("@"), row.values["channel"] == nil {
            if text.hasPrefix("+"), PhoneNumber(text) != nil {
                row.values["channel"] = "sms"
            } else if let address = WebAddress(text), address.registrableDomain != nil {
                row.values["address"] = .string("@\(address.host)")
            }
        }
    }

    private static func isSubscribed(_ text: String) -> Bool {
        let words = TextFolding.searchTokens(text).joined(separator: " ")
        return CellText.flag(text) == false || subscribed.contains(words)
    }

    private static func isAnswer(_ text: String) -> Bool {
        CellText.flag(text) != nil || CellText.isRefusal(text) || isSubscribed(text)
    }

    private static let subscribed: Set<String> = [
        "subscribed", "opted in", "opt in", "active", "confirmed", "double opt in", "angemeldet",
    ]
}
