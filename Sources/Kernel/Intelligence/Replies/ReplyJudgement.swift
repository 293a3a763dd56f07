/// A reply as it is judged: what was written anew, and what is known of the mail around it.
package struct ReplyText: Sendable {
    package var text: String
    package var subject: String
    /// A machine answered, as the mail's reader knows.
    package var isAutomatic: Bool
    /// The headers of the mail, decoded, as far as they are known.
    package var headers: [(name: String, value: String)]

    package init(
        text: String, subject: String = "", isAutomatic: Bool = false,
        headers: [(name: String, value: String)] = []
    ) {
        (self.text, self.subject, self.isAutomatic, self.headers) = (text, subject, isAutomatic, headers)
    }
}

/// The meaning of a reply, how sure that is, and why.
package struct ReplyJudgement: Sendable {
    /// Words of the reply, or a header, that decided.
    package struct Evidence: Hashable, Sendable {
        package var quote: String
        /// The rule that knows them (`unsubscribe`, `price`), or `words` for what was learned from examples.
        package var source: String
        /// The weight on the scale of log-odds.
        package var weight: Double
    }

    package var meaning: ReplyClass
    /// The probability that this is the right class, 0–1.
    package var confidence: Double
    /// Weightiest first, at most six.
    package var evidence: [Evidence]
    /// A probability for each class; they sum to one but for rounding.
    package var scores: [ReplyClass: Double]
    /// The request under data protection law, if the text makes one; its class is then that of a wish to be left
    /// alone.
    package var privacy: PrivacyRequest?
    package var facts: ReplyFacts
}

/// A person's correction of what a reply meant.
package struct ReplyCorrection: Hashable, Sendable {
    package var text: String
    package var meaning: ReplyClass

    package init(text: String, meaning: ReplyClass) { (self.text, self.meaning) = (text, meaning) }
}
