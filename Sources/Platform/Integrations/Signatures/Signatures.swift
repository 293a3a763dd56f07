package import Agents
package import Telemetry

/// A service at which people sign papers. One instance serves every agency.
package protocol Signatures: IntegrationProvider {
    /// Has the service ask somebody for a signature, once. Where the answer does not say whether it has, the failure is
    /// ambiguous, and `find` tells.
    func request(
        _ order: SignatureOrder, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> SignatureStanding
    /// Returns what an order has become that may have been taken; `nil`: the service does not have it.
    func find(
        _ order: String, since start: Instant, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> SignatureStanding?
    /// Asks how a request stands.
    func standing(
        of request: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> SignatureStanding
    /// Fetches the signed paper, as a PDF. Throws `not_ready` while the service still makes it.
    func paper(
        of request: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [UInt8]
    /// Takes a request back, so that nobody signs it any more.
    func void(
        _ request: String, because reason: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure)
    /// Has the service remind, by mail, whoever is to sign; `email` is their address.
    func remind(
        _ request: String, _ email: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure)
    /// Whether the service reminds now and then without being asked.
    var remindsByItself: Bool { get }
    /// Returns what a receipt of its webhook endpoint is about; `nil`: no request of ours.
    func news(_ receipt: HookReceipt) -> SignatureNews?
}

/// A paper that is to be signed, and by whom.
package struct SignatureOrder: Hashable, Sendable {
    /// Our identifier, by which the request is found again.
    package var id: String
    package var title: String, message: String
    package var document: [UInt8]
    /// A text of the document, near which the signature belongs.
    package var anchor: String
    package var name: String, email: String
    /// The address at which the service's webhooks are received.
    package var hookURL: String?

    package init(
        id: String, title: String, message: String, document: [UInt8], anchor: String, name: String,
        email: String, hookURL: String?
    ) {
        (self.id, self.title, self.message, self.document) = (id, title, message, document)
        (self.anchor, self.name, self.email, self.hookURL) = (anchor, name, email, hookURL)
    }
}

/// The standing of a request at its service.
package struct SignatureStanding: Hashable, Sendable {
    package enum Course: Hashable, Sendable {
        case open
        /// Somebody has looked at it.
        case viewed
        case signed(at: Instant?, by: String?)
        case declined(reason: String?)
        case expired
        /// It was taken back at the service, or the service has given it up.
        case voided(reason: String?)
    }

    /// The request's identifier at the service.
    package var id: String
    package var course: Course
    /// The address at which it is signed, where the service tells one.
    package var signURL: String?

    package init(id: String, _ course: Course, signURL: String? = nil) {
        (self.id, self.course, self.signURL) = (id, course, signURL)
    }
}

/// Something has happened with a request; what it was counts when the service has been asked.
package struct SignatureNews: Hashable, Sendable {
    package var request: String
    /// Whether the request is over, as the hook says.
    package var isFinal: Bool

    package init(request: String, isFinal: Bool) { (self.request, self.isFinal) = (request, isFinal) }
}
