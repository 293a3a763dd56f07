package import JSON
internal import Records

/// The facts that scoring and qualification know of a lead: a picture of its record at one moment. Scores depend on
/// nothing else, so the same input gives the same outcome in every tenant and at any time.
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

    /// The lead's activity so far.
    package struct Engagement: Hashable, Sendable {
        package var replies = 0, meetings = 0, opens = 0
        /// The contact's engagement as the console shows it, from 0 to 100; `nil` where they did nothing of late.
        package var score: Double?

        package init(replies: Int = 0, meetings: Int = 0, opens: Int = 0, score: Double? = nil) {
            (self.replies, self.meetings, self.opens, self.score) = (replies, meetings, opens, score)
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
    /// The budget per month.
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

    /// The words that a model goes by in lower case, as the record spells them, by the names of their columns.
    package var spellings: [String: String] {
        let words = [
            "industry": industry, "country": country, "location": location, "source": source,
            "contact_title": contactTitle,
        ]
        return words.compactMapValues(\.self)
    }

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

    /// The lead's technologies, in the order of the record: custom fields whose name begins with "tech", tags that
    /// begin with `tech:`, and tags that name a well-known tool.
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
