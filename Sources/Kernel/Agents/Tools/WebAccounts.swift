package import Database
package import Nouns
package import Records

/// The web services that an agency has connected, as the platform knows them. A call of `http_request` names one; what
/// lets us in there is added as the request leaves, and never comes by here.
package struct WebAccounts: Sendable {
    package static let tool = "http_request"

    /// Returns the service of an id as the gate counts it. Throws `ToolRefusal` where a request to the URL may not go
    /// by it.
    package var connector:
        @Sendable (_ id: IntegrationID, _ url: String, ToolCaller, Transaction) throws -> Connector = {
            _, _, _, _ in
            throw ToolRefusal("tool_unavailable", "this server cannot connect web services")
        }
    /// Notes who uses a service.
    package var noteUse: @Sendable (_ id: IntegrationID, Actor, Transaction) throws -> Void = { _, _, _ in }
    /// Sends the request of a call that was let out, as whom the service knows. Throws `OutboundFailure`, as without.
    package var send: @Sendable (OutboundRequest, ToolCall) async throws -> OutboundResponse = { _, _ in
        throw OutboundFailure.refused("this server cannot connect web services")
    }

    package init() {}

    /// Returns whether callers and integrations may set a header: of a usable name, and neither the
    /// connection's nor ours.
    package static func canSet(header name: String) -> Bool {
        name.isHeaderName && !reserved.contains(name.lowercased())
    }

    private static let reserved: Set = [
        "host", "content-length", "transfer-encoding", "connection", "idempotency-key", "expect", "upgrade",
    ]
}

extension String {
    /// A token of RFC 9110.
    fileprivate var isHeaderName: Bool {
        !isEmpty && utf8.count <= 100
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
