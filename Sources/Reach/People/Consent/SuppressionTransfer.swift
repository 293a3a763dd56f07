internal import JSON
internal import Lexicons
internal import Records
package import Transfer

extension Suppression {
    /// The import and export of suppressions as files. One column of addresses is enough; no other content of such a
    /// list keeps an address of it out.
    package static let transfer: Transfer<Suppression> = {
        var transfer = Transfer(resource, lexicon) { suppression, tx in
            let known = try tx.consents.suppression(
                of: suppression.address, suppression.channel, scope: suppression.covers)
            // A list has the address's own word, which takes the place of another's.
            return known.flatMap { $0.isOfMerge ? nil : $0.id }
        }
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

    private static let lexicon = Lexicon("suppressions", in: ResourceTable.texts)
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
        CellText.flag(text) == false || subscribed.contains(TextFolding.searchTokens(text))
    }

    private static func isAnswer(_ text: String) -> Bool {
        CellText.flag(text) != nil || CellText.isRefusal(text) || isSubscribed(text)
    }

    private static let subscribed = Set(lexicon.phrases("subscribed").map { TextFolding.searchTokens($0) })
}
