/// Reads in the headers of a mail, and in its subject, who answered.
struct AutomaticHeaders {
    enum Finding: Equatable {
        case bounce, away, complaint
    }

    /// Returns the finding, and the header that says so.
    static func finding(_ headers: [(name: String, value: String)]) -> (Finding, evidence: String)? {
        var away: String?
        for (name, value) in headers {
            let folded = LetterFolding.fold(value.prefix(400))
            let evidence = "\(name): \(value.prefix(80))"
            switch name.lowercased() {
            case "content-type":
                if folded.contains("feedback-report") { return (.complaint, evidence) }
                if folded.contains("delivery-status") { return (.bounce, evidence) }
            case "subject":
                // As Microsoft's feedback loop writes it, which follows no standard.
                if folded.hasPrefix("complaint about message from") { return (.complaint, evidence) }
            case "x-failed-recipients": return (.bounce, evidence)
            case "from", "return-path", "sender":
                if folded.contains("mailer-daemon") || folded.contains("mail delivery s") {
                    return (.bounce, evidence)
                }
            case "x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-mail-autoreply":
                away = away ?? evidence
            case "auto-submitted":
                if folded.hasPrefix("auto-replied") || folded.hasPrefix("auto-generated") {
                    away = away ?? evidence
                }
            case "precedence":
                if folded.hasPrefix("auto") { away = away ?? evidence }
            default: break
            }
        }
        return away.map { (.away, evidence: $0) }
    }
}
