package import Agents
internal import Cryptography
package import HTTPClient
package import Integrations
internal import JSON
package import Records
package import Telemetry

/// Docusign eSignature: https://developers.docusign.com. Papers are envelopes, which it mails to who signs.
package struct Docusign: Signatures {
    package let name = "docusign"
    package let title = "Docusign"
    package let capabilities: Set<Capability> = [.signatures]
    package let credentials = [
        CredentialField("integration_key", required: false, "The app's integration key (client id)."),
        CredentialField("user_id", required: false, "The GUID of the user in whose name papers are sent."),
        CredentialField(
            "private_key", required: false, "The app's RSA key: -----BEGIN RSA PRIVATE KEY-----…"),
        CredentialField(
            "hmac_key", provesHooks: true, "A key of Connect, which signs the webhooks (HMAC)."),
    ]
    package let settings = [
        SettingField("account_id", .text(max: 100), "The account; the user's default one otherwise."),
        SettingField("api_url", .text(max: 1000), "Where the account is, instead of what Docusign says."),
    ]
    package let baseURL: String? = "https://account.docusign.com"
    package var endpoint: (any HookEndpoint)? { self }

    private let wire: ServiceWire
    private let tokens: DocusignTokens
    private static let paperMax = 40 << 20
    private static let events = [
        "envelope-sent", "envelope-delivered", "envelope-completed", "envelope-declined", "envelope-voided",
        "recipient-completed",
    ]

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(60)
    ) {
        wire = ServiceWire(title: "Docusign", outbound: outbound, now: now, deadline: deadline)
        tokens = DocusignTokens(wire)
    }

    package func faults(in credentials: [String: String]) -> [Fault] {
        let names = ["integration_key", "user_id", "private_key"]
        guard names.contains(where: { credentials[$0] != nil }) else { return [] }
        return names.filter { credentials[$0] == nil }.map {
            Fault("/credentials/\($0)", "required", "\($0) is required beside the other credentials.")
        }
    }

    // MARK: Envelopes

    package func request(
        _ order: SignatureOrder, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> SignatureStanding {
        let answer = try await ask("POST", "/envelopes", envelope(order, access), access, reach)
        guard let id = answer["envelopeId"]?.words else { throw wire.unreadable("POST") }
        return SignatureStanding(id: id, .open)
    }

    private func envelope(_ order: SignatureOrder, _ access: IntegrationAccess) -> JSON {
        var envelope: JSONObject = [
            "emailSubject": .string(String(order.title.prefix(100))),
            "emailBlurb": .string(String(order.message.prefix(10_000))), "status": "sent",
            // Docusign answers a repeated identifier with the first envelope for a week.
            "transactionId": .string(order.id),
            "documents": [
                [
                    "documentId": "1", "name": .string("\(order.title).pdf"), "fileExtension": "pdf",
                    "documentBase64": .string(Base64.encode(order.document)),
                ]
            ],
            "recipients": [
                "signers": [
                    [
                        "recipientId": "1", "routingOrder": "1", "email": .string(order.email),
                        "name": .string(order.name),
                        "tabs": [
                            "signHereTabs": [Self.tab(order, x: "0")],
                            "dateSignedTabs": [Self.tab(order, x: "160")],
                        ],
                    ]
                ]
            ],
            "customFields": [
                "textCustomFields": [
                    ["name": "bureau_id", "value": .string(order.id), "show": "false", "required": "false"]
                ]
            ],
            "notification": [
                "useAccountDefaults": "false",
                "reminders": ["reminderEnabled": "true", "reminderDelay": "3", "reminderFrequency": "3"],
            ],
        ]
        if let hook = order.hookURL, hook.hasPrefix("https://") || access.baseURL.hasPrefix("http://") {
            envelope.append(
                "eventNotification",
                [
                    "url": .string(hook), "requireAcknowledgment": "true", "loggingEnabled": "true",
                    "includeHMAC": "true", "deliveryMode": "SIM", "events": JSON(Self.events),
                    "eventData": [
                        "version": "restv2.1", "format": "json",
                        "includeData": ["custom_fields", "recipients"],
                    ],
                ])
        }
        return .object(envelope)
    }

    /// A place above the line that the document has for the signature.
    private static func tab(_ order: SignatureOrder, x: String) -> JSON {
        [
            "anchorString": .string(order.anchor), "anchorUnits": "pixels", "anchorXOffset": .string(x),
            "anchorYOffset": "-30",
        ]
    }

    package func find(
        _ order: String, since start: Instant, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> SignatureStanding? {
        let from = (start - .seconds(3600)).description.percentEncoded
        let path = "/envelopes?from_date=\(from)&custom_field=\("bureau_id=\(order)".percentEncoded)"
        let answer = try await ask("GET", path, nil, access, reach)
        // Without any envelope there is no list.
        guard let found = answer["envelopes"]?.array?.first else {
            guard answer["resultSetSize"] != nil || answer["envelopes"] != nil else {
                throw wire.unreadable()
            }
            return nil
        }
        guard let id = found["envelopeId"]?.words else { throw wire.unreadable() }
        return SignatureStanding(id: id, .open)
    }

    package func standing(
        of request: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> SignatureStanding {
        let path = "/envelopes/\(request.percentEncoded)"
        let envelope = try await ask("GET", path, nil, access, reach)
        guard envelope["envelopeId"]?.text == request, let status = envelope["status"]?.words else {
            throw wire.unreadable()
        }
        switch status {
        case "completed":
            let signer = try await signer(path, access, reach)
            let at = envelope["completedDateTime"]?.moment ?? signer["signedDateTime"]?.moment
            return SignatureStanding(id: request, .signed(at: at, by: signer["name"]?.words))
        case "declined":
            let signer = try await signer(path, access, reach)
            return SignatureStanding(id: request, .declined(reason: signer["declinedReason"]?.words))
        case "voided":
            let reason = envelope["voidedReason"]?.words
            // It gives what has expired the same status.
            let isExpired = reason?.lowercased().contains("expired") == true
            return SignatureStanding(id: request, isExpired ? .expired : .voided(reason: reason))
        case "delivered": return SignatureStanding(id: request, .viewed)
        default: return SignatureStanding(id: request, .open)
        }
    }

    private func signer(
        _ path: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        try await ask("GET", "\(path)/recipients", nil, access, reach)["signers"]?.array?.first ?? .null
    }

    package func paper(
        of request: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [UInt8] {
        let answer = try await send(
            "GET", "/envelopes/\(request.percentEncoded)/documents/combined", nil, access, reach)
        guard answer.starts(with: Array("%PDF-".utf8)) else { throw wire.unreadable() }
        return answer
    }

    package func void(
        _ request: String, because reason: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let body: JSON = ["status": "voided", "voidedReason": .string(String(reason.prefix(200)))]
        _ = try await send("PUT", "/envelopes/\(request.percentEncoded)", body, access, reach)
    }

    /// The envelope says so (`notification`).
    package let remindsByItself = true

    package func remind(
        _ request: String, _ email: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let path = "/envelopes/\(request.percentEncoded)?resend_envelope=true"
        _ = try await send("PUT", path, .object([:]), access, reach)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        guard access.credentials["private_key"] != nil else {
            return .unclear(
                code: "no_private_key",
                detail: "Docusign cannot be asked without integration_key, user_id and private_key.")
        }
        do throws(ToolFailure) {
            return .good("Signed in as \(try await tokens.session(access, access.reach).email).")
        } catch {
            return .failed(error)
        }
    }

    // MARK: Requests

    private func ask(
        _ method: String, _ path: String, _ body: JSON?, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let answer = try await send(method, path, body, access, reach)
        guard let json = try? JSONParser.parse(answer), json.object != nil else {
            throw wire.unreadable(method)
        }
        return json
    }

    /// A token that has ended is fetched anew, once.
    private func send(
        _ method: String, _ path: String, _ body: JSON?, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [UInt8] {
        let session = try await tokens.session(access, reach)
        do throws(ToolFailure) {
            return try await send(method, path, body, session, access, reach)
        } catch {
            guard error.isOfAccount else { throw error }
            tokens.forget(session, access)
            let fresh = try await tokens.session(access, reach)
            return try await send(method, path, body, fresh, access, reach)
        }
    }

    private func send(
        _ method: String, _ path: String, _ body: JSON?, _ session: DocusignSession,
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [UInt8] {
        var request = ServiceWire.Request(
            method, session.root + path,
            headers: [(name: "Authorization", value: "Bearer \(session.token)")], json: body,
            isDoubtful: true)
        request.sizeMax = Self.paperMax
        do throws(ToolFailure) {
            return try await wire.send(request, access, reach, words: Self.words).body
        } catch {
            // The limits of an hour are errors of 400.
            guard error.code.hasPrefix("HOURLY_") else { throw error }
            throw ToolFailure("rate_limited", error.detail, isRetryable: true, retryAfter: .seconds(900))
        }
    }

    private static func words(_ answer: JSON) -> (code: String?, detail: String)? {
        guard let code = answer["errorCode"]?.words else { return nil }
        return (code, answer["message"]?.words ?? code)
    }
}
