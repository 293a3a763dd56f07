internal import Cryptography
package import Database
internal import JSON
package import Nouns
package import Records
package import Telemetry

/// The kind of thing that a public link opens: the letter in its path, and the byte in its token.
package enum LinkKind: UInt8, Sendable {
    /// `/u/…`: no more mail of a purpose to an address.
    case unsubscribe = 1
    /// `/p/…`: a proposal, a contract, an invoice.
    case page = 2
    /// `/t/…`: a link of a mail that is counted.
    case click = 3
    /// `/o/…`: a picture of a mail that is counted.
    case open = 4
    /// `/f/…`: a file.
    case file = 5
    /// The answer to a service that a person was sent to for a permission.
    case authorisation = 6
    /// `/s/…`: a survey, for one reader to answer.
    case survey = 8
    /// `/d/…`: a deliverable, for one reader to approve or to send back.
    case deliverable = 7
    /// A file that was handed over for a form, and waits for the form itself.
    case formFile = 9
    /// `/r/…`: a client's own link, by which they refer others.
    case referral = 40
    /// `/cal/…`: a calendar, for programs that subscribe to it.
    case calendar = 21
    /// `/c/…`: a case study, for its client to agree to.
    case caseStudy = 41
    /// `/b/…`: a report, for one reader.
    case report = 42
    /// `/a/…`: a version of a content item, for its client to approve or to send back.
    case content = 43
    /// `/feed/…`: word of a feed that has changed, from the hub that was asked to tell.
    case feed = 44

    var path: String {
        switch self {
        case .unsubscribe: "u"
        case .page: "p"
        case .click: "t"
        case .open: "o"
        case .file: "f"
        case .authorisation: "oauth"
        case .survey: "s"
        case .deliverable: "d"
        case .formFile: "forms"
        case .referral: "r"
        case .calendar: "cal"
        case .caseStudy: "c"
        case .report: "b"
        case .content: "a"
        case .feed: "feed"
        }
    }
}

/// Links that open one thing to whoever has them, without signing in. A token is sealed, so that it says nothing,
/// cannot be guessed, and is refused with any letter changed.
package struct PublicLinks: Sendable {
    private let secrets: SecretSealing
    private let publicURL: String

    package init(_ secrets: SecretSealing, publicURL: String) {
        (self.secrets, self.publicURL) = (secrets, publicURL)
    }

    /// The contents of a token.
    package struct Opened: Sendable {
        package let tenant: TenantID
        package let subject: String
        package let expiresAt: Instant?

        /// `nil` where the link is about something else.
        package func id<Noun: Identified>(of type: Noun.Type = Noun.self) -> ID<Noun>? { ID(subject) }

        /// `nil` where the link is not about such a record.
        package func id<R: Record>(of type: R.Type) -> ID<R.Identity>? { id(of: R.Identity.self) }
    }

    package func token(
        _ kind: LinkKind, _ tenant: TenantID, _ subject: String, expiresAt: Instant? = nil
    ) throws -> String {
        let text = "\(tenant.rawValue)\n\(expiresAt?.microseconds ?? 0)\n\(subject)"
        return Base64.encodeURL(try secrets.close([kind.rawValue] + Array(text.utf8), .platform))
    }

    package func url(
        _ kind: LinkKind, _ tenant: TenantID, _ subject: some Key, expiresAt: Instant? = nil
    ) throws -> String {
        address(kind, try token(kind, tenant, subject.keyText, expiresAt: expiresAt))
    }

    /// Returns the address that a token opens.
    package func address(_ kind: LinkKind, _ token: String) -> String {
        "\(publicURL)/\(kind.path)/\(token)"
    }

    /// `nil` for a token that was not made here, for something else, or is altered.
    package func open(_ kind: LinkKind, _ token: String) -> Opened? {
        // Two spellings of the same bytes are not the same token.
        guard token.utf8.count <= 4000, let sealed = Base64.decodeURL(token),
            Base64.encodeURL(sealed) == token, let bytes = try? secrets.open(sealed, .platform),
            bytes.first == kind.rawValue
        else { return nil }
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        let parts = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let expiry = Int64(parts[1]) else { return nil }
        return Opened(
            tenant: TenantID(rawValue: String(parts[0])), subject: String(parts[2]),
            expiresAt: expiry == 0 ? nil : Instant(microseconds: expiry))
    }

    /// `nil` also for a token that has run out, or never does.
    package func open(_ kind: LinkKind, _ token: String, at now: Instant) -> Opened? {
        open(kind, token).flatMap { link in link.expiresAt.map { $0 > now } ?? false ? link : nil }
    }
}
