internal import Records

/// Finds out what a machine's mail reports about a mail of ours: by the standards where it keeps to them (RFC 3464,
/// RFC 5965), by what mail servers are known to write where it does not.
struct ReportReader {
    private let mail: ReceivedMail
    private let enclosed: MIMEReader.Enclosed

    init(_ mail: ReceivedMail, _ enclosed: MIMEReader.Enclosed) {
        (self.mail, self.enclosed) = (mail, enclosed)
    }

    var report: MailReport? {
        var report = complaint ?? deliveryReport ?? plainBounce
        if report?.originalMessageID == nil { report?.originalMessageID = originalMessageID }
        if report?.recipient == nil {
            let named = mail.header("X-Failed-Recipients") ?? enclosed.original?["To"]
            report?.recipient = named.flatMap(Self.address)
        }
        return report
    }

    // MARK: Complaints

    private var complaint: MailReport? {
        let fields = enclosed.feedback.flatMap { FieldGroup.all(in: $0).first }
        // Microsoft sends the mail that somebody complained of, and only this header beside it.
        let reader = enclosed.original?["X-HmXmrOriginalRecipient"] ?? mail.header("X-HmXmrOriginalRecipient")
        guard fields != nil || reader != nil else { return nil }
        let kind = fields?["Feedback-Type"]?.lowercased() ?? "abuse"
        // Reports of authentication (RFC 6591), and of mail that is no spam after all, are no complaints.
        guard
            ["abuse", "fraud", "virus", "other", "opt-out", "opt-out-list", "miscategorized"].contains(kind)
        else { return nil }
        var report = MailReport(.complaint)
        let named =
            fields?["Original-Rcpt-To"] ?? fields?["Removal-Recipient"] ?? reader ?? enclosed.original?["To"]
        report.recipient = named.flatMap(Self.address)
        report.diagnostic = kind
        return report
    }

    // MARK: RFC 3464

    private var deliveryReport: MailReport? {
        guard let text = enclosed.deliveryStatus else { return nil }
        let reports = FieldGroup.all(in: text).compactMap(Self.report)
        // Mails of ours go to one person; where a list was behind the address, the worst counts.
        return reports.min { Self.severity($0.kind) < Self.severity($1.kind) }
    }

    private static func report(of group: FieldGroup) -> MailReport? {
        guard
            let recipient = group["Original-Recipient"] ?? group["Final-Recipient"]
                ?? group["X-Actual-Recipient"]
        else { return nil }
        let status = group["Status"].flatMap { BounceStatus($0) }
        let diagnostic = group["Diagnostic-Code"]
        let kind: MailReport.Kind
        switch group["Action"].map({ $0.lowercased().prefix { $0.isLetter } }) {
        case "delayed": kind = .delayed
        case "delivered", "relayed", "expanded": kind = .delivered
        // Some leave the action out: then the status says it.
        case "failed", nil: kind = BounceStatus.kind(status, diagnostic ?? "")
        default: kind = BounceStatus.kind(status, diagnostic ?? "")
        }
        var report = MailReport(kind)
        report.recipient = address(recipient)
        report.status = status?.description
        report.diagnostic = diagnostic.map { String($0.prefix(500)) }
        return report
    }

    private static func severity(_ kind: MailReport.Kind) -> Int {
        switch kind {
        case .complaint, .hardBounce: 0
        case .softBounce: 1
        case .delayed: 2
        case .delivered: 3
        }
    }

    // MARK: What keeps to no standard

    private var plainBounce: MailReport? {
        let failed = mail.header("X-Failed-Recipients")
        let isMachines =
            failed != nil || mail.returnPath == "" || mail.isFromDaemon
            || enclosed.reportType == "delivery-status"
        // An answering machine sends with a null return path, too.
        let isReply = mail.header("Auto-Submitted")?.lowercased().hasPrefix("auto-replied") ?? false
        guard isMachines, !isReply || failed != nil || mail.isFromDaemon
        else { return nil }
        let text = BounceText(mail.text)
        let subject = mail.subject.lowercased()
        let tellsFailure =
            failed != nil || BounceText.subjects.contains(where: subject.contains)
            || BounceText.openings.contains(where: text.notice.lowercased().contains)
        guard tellsFailure else { return nil }
        let isLate =
            BounceText.late.contains(where: subject.contains)
            || BounceText.lateNotices.contains(where: text.notice.lowercased().contains)
        var report = MailReport(isLate ? .delayed : BounceStatus.kind(text.status, text.notice))
        report.recipient = failed.flatMap(Self.address) ?? text.recipient
        report.status = text.status?.description
        report.diagnostic = text.diagnostic
        // A daemon's mail that names nobody and no fault is a mail about something else.
        guard report.recipient != nil || report.status != nil else { return nil }
        return report
    }

    // MARK: The mail that came back

    private var originalMessageID: InternetMessageID? {
        if let id = enclosed.original?["Message-ID"].flatMap({ InternetMessageID.all(in: $0).first }) {
            return id
        }
        // A copy within the text, as qmail and others append it.
        for line in mail.text.utf8.split(separator: 0x0A).prefix(2000) {
            let line = Substring(line).drop { $0 == " " || $0 == ">" || $0 == "|" }
            if line.utf8.count > 13, line.prefix(11).lowercased() == "message-id:" {
                return InternetMessageID.all(in: String(line.dropFirst(11))).first
            }
        }
        return mail.inReplyTo ?? mail.references.last
    }

    /// Of `rfc822; jane@example.com`, `<jane@example.com>` or a whole header.
    static func address(_ text: String) -> String? {
        let bare = text.split(separator: ";", maxSplits: 1).last.map(String.init) ?? text
        let first = bare.contains("<") ? bare : bare.split(separator: ",").first.map(String.init) ?? bare
        return EmailAddress(TextCleaning.trimmed(first))?.description ?? BounceText.address(in: bare[...])
    }
}
