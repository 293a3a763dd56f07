internal import JSON
package import Records
package import Telemetry

/// The way in which a contract is signed, and how that stands.
package struct ContractSignature: Part {
    package enum Via: String, Choice {
        case builtIn = "built_in"
        case docusign
        case dropboxSign = "dropbox_sign"

        /// The service's name, as people know it.
        var title: String {
            switch self {
            case .builtIn: "Bureau"
            case .docusign: "Docusign"
            case .dropboxSign: "Dropbox Sign"
            }
        }
    }

    package enum Status: String, Choice {
        /// The service has not been asked yet.
        case waiting
        case sent
        case viewed, signed, declined, expired
        /// It was taken back, here or at the service.
        case voided
        /// The service has not taken it.
        case failed
        /// A sandbox asks no service: the contract is signed on its page.
        case captured
    }

    package var via = Via.builtIn
    package var externalID: String?
    package var status = Status.sent
    package var signURL: String?
    package var detail: String?
    /// The number of times that the signer was reminded from here, and the last time.
    package var reminders = 0
    package var remindedAt: Instant?

    package init() {}
    package init(_ via: Via, _ status: Status) { (self.via, self.status) = (via, status) }

    package static let schema = Schema<ContractSignature>(
        "ContractSignature",
        [
            .choice("via", \.via, .about("Where the contract is signed: on its page, or at a service.")),
            .text(
                "external_id", \.externalID, max: 200,
                .about("The identifier of the request at the service.")),
            .choice("status", \.status, .about("How the request for the signature stands.")),
            .text(
                "sign_url", \.signURL, max: 4000,
                .about("The address at which it is signed, where the service tells one.")),
            .text("detail", \.detail, max: 500, .about("Why there is no signature, where there is none.")),
            .integer(
                "reminders", \.reminders, in: 0...1000, .standard(0),
                .about("How often the service was asked to remind.")),
            .instant("reminded_at", \.remindedAt, .about("When it was last asked to.")),
        ])

    /// Whether a service may still bring a signature.
    var isPending: Bool {
        via != .builtIn && (status == .waiting || status == .sent || status == .viewed)
    }

    /// Whether it is signed on the contract's own page.
    var isHere: Bool { via == .builtIn || status == .captured }
}

extension Contract {
    /// One that no service has at the moment: nobody signs it twice.
    func requireNoSignaturePending() throws {
        guard let signature, signature.isPending else { return }
        throw Problem(
            .invalidTransition,
            "The contract waits for its signature at \(signature.via.title): withdraw it, or wait.",
            extra: ["allowed": ["withdraw"]])
    }

    /// One that may be signed on its own page, or in the portal.
    func requireSigningHere() throws {
        guard let signature, !signature.isHere else { return }
        throw Problem(
            .invalidTransition,
            "The contract is signed at \(signature.via.title), and cannot be answered here.",
            extra: ["allowed": []])
    }
}
