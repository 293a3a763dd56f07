extension MailReport.Kind {
    /// Returns what a failure that a service calls final means for the address, by the status (RFC 3463) and the words
    /// that the service has for it: a full mailbox and a policy say nothing.
    package static func finalFailure(status: String? = nil, _ words: String?...) -> MailReport.Kind {
        // Without a clue it is as final as 550 is.
        BounceStatus.kind(
            status.flatMap { BounceStatus($0) }, words.compactMap { $0 }.joined(separator: " ") + " 550")
    }
}
