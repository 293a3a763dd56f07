package import JSON

/// What scoring and qualification know of a lead: a picture of its record at one moment. Scores depend
/// on nothing else, so the same input gives the same outcome in every tenant and at any time.
package struct ScoringInput: Hashable, Sendable {
    package struct Amount: Hashable, Sendable {
        /// Minor units (cents).
        package var amount: Int64
        /// ISO 4217, upper case.
        package var currency: String

        package init(amount: Int64, currency: String) { (self.amount, self.currency) = (amount, currency) }
    }

    package struct Email: Hashable, Sendable {
        /// `info@`, `sales@`, …: nobody's own.
        package var isRole: Bool
        package var isFreeMail: Bool, isDisposable: Bool

        package init(isRole: Bool = false, isFreeMail: Bool = false, isDisposable: Bool = false) {
            (self.isRole, self.isFreeMail, self.isDisposable) = (isRole, isFreeMail, isDisposable)
        }
    }

    /// What the lead has done so far.
    package struct Engagement: Hashable, Sendable {
        package var replies = 0, meetings = 0, opens = 0

        package init(replies: Int = 0, meetings: Int = 0, opens: Int = 0) {
            (self.replies, self.meetings, self.opens) = (replies, meetings, opens)
        }
    }

    /// The lead's `status` as the API writes it.
    package var status = "new"
    package var employeeCount: Int?
    package var annualRevenue: Amount?
    package var industry: String?
    package var hasWebsite = false, hasLinkedIn = false, hasPhone = false
    package var email: Email?
    package var hasContactName = false
    package var contactTitle: String?
    /// ISO 3166, two letters.
    package var country: String?
    package var location: String?
    /// Per month.
    package var budget: Amount?
    package var timelineDays: Int?
    package var authority: Bool?
    package var source: String?
    package var tags: [String] = []
    /// Without those that agents set (`offer:…`): what follows from a record is no news about it.
    var ownTags: [String] { tags.filter { !$0.hasPrefix(ServiceMatch.tagPrefix) } }
    package var painPoints: [String] = []
    package var notes: String?
    package var engagement = Engagement()
    package var custom = JSONObject()

    package init() {}

    /// The share of what a decision would like to know that is known, 0–1.
    package var completeness: Double {
        let known = [
            employeeCount != nil, annualRevenue != nil, industry.isStated, hasWebsite, hasLinkedIn, hasPhone,
            email.map { !$0.isDisposable } ?? false, hasContactName, contactTitle.isStated,
            country.isStated || location.isStated, source.isStated, budget != nil, timelineDays != nil,
            authority != nil, !painPoints.isEmpty, !technologies.isEmpty,
        ]
        return Double(known.count { $0 }) / Double(known.count)
    }

    /// What the record says of the lead's technology, in its order: custom fields whose name begins
    /// with "tech", tags that begin with `tech:`, and tags that name a well-known tool.
    package var technologies: [String] {
        var found: [String] = []
        func add(_ text: String) {
            for part in text.split(whereSeparator: { $0 == "," || $0 == ";" || $0 == "|" }) {
                let name = Words.trimmed(part)
                if !name.isEmpty, !found.contains(where: { $0.lowercased() == name.lowercased() }) {
                    found.append(name)
                }
            }
        }
        for (key, value) in custom.members where key.lowercased().hasPrefix("tech") {
            if let text = value.text { add(text) }
        }
        for tag in ownTags {
            let lowered = tag.lowercased()
            if lowered.hasPrefix("tech:") {
                add(String(tag.dropFirst(5)))
            } else if Self.tools.contains(lowered) {
                add(tag)
            }
        }
        return found
    }

    private static let tools: Set<String> = [
        "shopify", "woocommerce", "magento", "wordpress", "hubspot", "salesforce", "pipedrive",
        "mailchimp", "klaviyo", "marketo", "google analytics", "google ads", "meta ads", "segment",
        "zapier", "stripe", "webflow", "wix", "squarespace", "zendesk", "intercom", "sap", "dynamics",
    ]
}

extension String? {
    /// Whether there is anything but space.
    var isStated: Bool { self?.contains { !$0.isWhitespace } ?? false }
}

/// A text's words of letters and digits in lower case, for rules that look for phrases in them.
struct Words {
    /// The words with one space between each two: "e commerce".
    let text: String

    init(_ text: String) {
        self.text = text.lowercased().split { !($0.isLetter || $0.isNumber) }.joined(separator: " ")
    }

    var isEmpty: Bool { text.isEmpty }

    /// Whether the phrase's words stand in it, one after the other.
    func contains(_ phrase: String) -> Bool { has(phrase, asWords: true, asBeginning: true) }

    /// Whether one of the words begins so.
    func containsWord(beginning: String) -> Bool { has(beginning, asWords: false, asBeginning: true) }

    /// Whether the letters stand anywhere in it, also in the middle of a word.
    func containsPart(_ part: String) -> Bool { has(part, asWords: false, asBeginning: false) }

    /// By bytes: the library's search builds a table for each phrase first, which here costs more than all the rest.
    private func has(_ phrase: String, asWords: Bool, asBeginning: Bool) -> Bool {
        var (text, phrase) = (text, phrase)
        let space = UInt8(ascii: " ")
        return text.withUTF8 { text in
            phrase.withUTF8 { phrase in
                guard let first = phrase.first, phrase.count <= text.count else { return phrase.isEmpty }
                for start in 0...(text.count - phrase.count) where text[start] == first {
                    let end = start + phrase.count
                    if (!asBeginning || start == 0 || text[start - 1] == space)
                        && (!asWords || end == text.count || text[end] == space)
                        && text[start..<end].elementsEqual(phrase)
                    {
                        return true
                    }
                }
                return false
            }
        }
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        var rest = Substring(text)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
