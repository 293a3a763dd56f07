internal import Cryptography
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import Telemetry
internal import Wire

/// The webhooks of a service: how they are proven to be the service's, and which of its records they are about.
package struct ConnectorHooks: Sendable {
    enum Proof: Sendable {
        case signature(ConnectorSignature)
        /// A user name and a password that the agency has given the service: names of credentials.
        case basic(username: String, password: String)

        static let kinds = ["signature", "basic"]
    }

    let proof: Proof
    /// The header by which the service introduces itself once, with the secret that it will sign by, and the credential
    /// that this becomes.
    let greeting: (header: String, credential: String)?
    /// Whether the service asks by GET or HEAD whether somebody is there.
    let answersGet: Bool
    /// The list of events in a body, or the one event.
    let events: ConnectorPointer
    /// The places of an event by which repetitions are recognised, or a header that has that.
    let key: [ConnectorPointer], keyHeader: String?
    let type: ConnectorPointer?
    let objects: [ConnectorHookObject]
    /// The question that asks the service for its hooks.
    let subscribe: ConnectorSubscription?
}

/// The way in which a service signs.
struct ConnectorSignature: Sendable {
    enum Algorithm: String, CaseIterable, Sendable { case sha256, sha1 }
    enum Encoding: String, CaseIterable, Sendable { case hex, base64 }
    enum Unit: String, CaseIterable, Sendable { case seconds, milliseconds }
    /// The parts of what is signed, one after the other.
    enum Part: String, CaseIterable, Sendable {
        case method, url, body, time
        /// The address with its signs as they are, which some services sign so.
        case decodedURL = "decoded_url"
        /// The document with its members sorted.
        case sortedBody = "sorted_body"
    }

    let algorithm: Algorithm, encoding: Encoding
    let header: String, prefix: String
    let over: [Part]
    /// The name of the credential.
    let secret: String
    let time: (header: String, unit: Unit)?

    static let ageMax: Duration = .seconds(300)
}

/// Which events are about an object's records.
struct ConnectorHookObject: Sendable {
    let object: String
    /// A place and how its text has to begin; `nil`: every event is.
    let at: ConnectorPointer?, begins: String
    let id: ConnectorPointer?
}

/// A request for a service's hooks. Its names are `hook`, the address to which they are to go, and settings.
struct ConnectorSubscription: Sendable {
    let question: ConnectorQuestion
    /// The subscriptions that there are, and the place of the address in one of them.
    let list: ConnectorQuestion?, items: ConnectorPointer, address: ConnectorPointer
}

/// Something that a service has told of one of its records, which is asked for before it counts.
package struct ConnectorNews: Hashable, Sendable {
    package let object: String
    /// The record's identifier at the service; empty where it says only that something has changed.
    package let id: String

    package init(object: String, id: String) { (self.object, self.id) = (object, id) }
}

extension ConnectorHooks {
    /// Returns what an event is about; `nil` where that is nothing that the connector knows.
    func news(of event: JSON) -> ConnectorNews? {
        for object in objects {
            if let at = object.at {
                guard let text = at.value(in: event)?.identifier, text.hasPrefix(object.begins) else {
                    continue
                }
            }
            return ConnectorNews(object: object.object, id: object.id?.value(in: event)?.identifier ?? "")
        }
        return nil
    }
}

/// The endpoint for the webhooks of a service whose connector is data.
struct ConnectorEndpoint: HookEndpoint {
    let hooks: ConnectorHooks
    private static let eventsMax = 1000

    func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        try check(request)
        guard let body = try? JSONParser.parse(request.body) else {
            throw .malformed("The body is not JSON.")
        }
        guard let found = hooks.events.value(in: body) else { return [] }
        let events = found.array ?? [found]
        guard events.count <= Self.eventsMax else { throw .malformed("The body has too many events.") }
        return events.enumerated().map { index, event in
            let type = hooks.type?.value(in: event)?.identifier
            return HookItem(
                key: key(of: event, index, request), type: String((type ?? "unknown").prefix(100)),
                payload: event)
        }
    }

    private func key(of event: JSON, _ index: Int, _ request: HookRequest) -> String {
        if let header = hooks.keyHeader, let told = request.header(header), !told.isEmpty {
            return Self.key(index == 0 ? told : "\(told):\(index)")
        }
        let parts = hooks.key.map { $0.value(in: event)?.identifier ?? "" }
        let isKnown = parts.contains { !$0.isEmpty }
        return Self.key(
            isKnown ? parts.joined(separator: ":") : Hex.encode(SHA256.hash(event.canonical.serialized)))
    }

    /// Unless it is too long to be looked up by.
    private static func key(_ text: String) -> String {
        text.utf8.count <= 256 ? text : Hex.encode(SHA256.hash(text))
    }

    // MARK: Proof

    private func check(_ request: HookRequest) throws(HookRefusal) {
        switch hooks.proof {
        case .basic(let username, let password):
            let access = request.access
            guard !access.credential(username).isEmpty, !access.credential(password).isEmpty else {
                throw .forged("The integration has no \(username) and \(password).")
            }
            let pair = "\(access.credential(username)):\(access.credential(password))"
            guard
                constantTimeEqual(
                    request.header("Authorization") ?? "", "Basic " + Base64.encode(Array(pair.utf8)))
            else { throw .forged("The header Authorization is not that of this integration.") }
        case .signature(let signature): try signature.check(request)
        }
    }

    // MARK: Introduction

    func greeting(_ request: HookRequest) -> HookGreeting? {
        guard let (header, credential) = hooks.greeting, let secret = request.header(header), !secret.isEmpty,
            secret.utf8.count <= 1000
        else { return nil }
        return HookGreeting(credential: credential, secret: secret, header: header)
    }

    func handshake(_ request: HookRequest) -> Response? { hooks.answersGet ? .acknowledging("ok") : nil }
}

extension ConnectorSignature {
    fileprivate func check(_ request: HookRequest) throws(HookRefusal) {
        let key = request.access.credential(secret)
        guard !key.isEmpty else { throw .forged("The integration has no \(secret).") }
        guard let given = request.header(header), given.hasPrefix(prefix),
            let code = decode(given.dropFirst(prefix.count))
        else { throw .forged("The header \(header) is needed.") }
        var stamp = ""
        if let time {
            stamp = request.header(time.header) ?? ""
            guard let number = Int64(stamp), number.magnitude < 10_000_000_000_000 else {
                throw .forged("The header \(time.header) is needed.")
            }
            let sent = time.unit == .seconds ? Instant(seconds: number) : Instant(microseconds: number * 1000)
            let age = request.now - sent
            guard age <= Self.ageMax, age >= .zero - Self.ageMax else {
                throw .forged("The request was signed too long ago, or in the future.")
            }
        }
        var signed: [UInt8] = []
        for part in over {
            switch part {
            case .method: signed += Array(request.method.utf8)
            case .url: signed += Array(request.url.utf8)
            case .decodedURL: signed += Array(Self.decoded(request.url).utf8)
            case .body: signed += request.body
            case .time: signed += Array(stamp.utf8)
            case .sortedBody:
                guard let body = try? JSONParser.parse(request.body) else {
                    throw .malformed("The body is not JSON.")
                }
                signed += body.canonical.bytes
            }
        }
        let keyBytes = Array(key.utf8)
        let expected =
            algorithm == .sha256 ? HMAC.sha256(key: keyBytes, signed) : HMAC.sha1(key: keyBytes, signed)
        guard constantTimeEqual(code, expected) else {
            throw .forged("The signature is not that of this integration's \(secret).")
        }
    }

    private func decode(_ text: Substring) -> [UInt8]? {
        encoding == .hex ? Hex.decode(text) : Base64.decode(String(text))
    }

    /// Returns an address with the signs of RFC 3986 in it that may stand as they are.
    private static func decoded(_ url: String) -> String {
        let signs = [
            "%3A": ":", "%2F": "/", "%3F": "?", "%40": "@", "%21": "!", "%24": "$", "%27": "'", "%28": "(",
            "%29": ")", "%2A": "*", "%2C": ",", "%3B": ";",
        ]
        return signs.reduce(url) { text, sign in
            text.replacing(sign.key, with: sign.value).replacing(sign.key.lowercased(), with: sign.value)
        }
    }
}
