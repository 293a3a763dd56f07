import Cryptography
import Foundation
import HTTPClient
import JSON
import StandIns

/// The way back: where Bureau listens, and its endpoint for each service.
final class Endpoints {
    let bureau: String
    private let client = HTTPClient(HTTPClientConfiguration(AddressGuard(allowsPrivate: true)))
    private var paths: [String: String] = [:]

    init(bureau: String) { self.bureau = bureau }

    /// Notes an endpoint: `/v1/hooks/stripe/…`, alone or in a whole address.
    func open(_ text: String) throws -> String {
        guard let start = text.firstRange(of: "/v1/hooks/") else {
            throw Refusal("An endpoint looks like /v1/hooks/postmark/…: the hook_url of the integration.")
        }
        let path = String(text[start.lowerBound...])
        let provider = String(text[start.upperBound...].prefix { $0 != "/" })
        paths[provider] = path
        return provider
    }

    /// Makes the integration of a service for whoever the token belongs to, and notes its endpoint. Gives the address
    /// of the page on which its owner has to say yes, where there is one.
    func connect(_ service: Service, token: String) async throws -> String? {
        let made = try await ask(service, "/v1/integrations", token, service.integration.bytes)
        // The endpoint of a provider is that of the service which has its name.
        if service.alias == nil, let endpoint = made["hook_url"]?.text { _ = try open(endpoint) }
        guard service.wantsConsent else { return nil }
        let begun = try await ask(
            service, "/v1/integrations/\(made["id"]?.text ?? "")/connect", token, JSON.object([:]).bytes)
        return begun["authorize_url"]?.text
    }

    private func ask(
        _ service: Service, _ path: String, _ token: String, _ body: [UInt8]
    ) async throws -> JSON {
        let answer = try await post(
            path, headers: [("Content-Type", "application/json"), ("Authorization", "Bearer \(token)")], body)
        guard (200...201).contains(answer.status), let told = try? JSONParser.parse(answer.body) else {
            throw Refusal(
                "\(service.provider): \(answer.status) \(String(decoding: answer.body.prefix(300), as: UTF8.self))"
            )
        }
        return told
    }

    /// The whole address to which a service posts.
    func address(of provider: String) throws -> String { bureau + (try path(of: provider)) }

    private func path(of provider: String) throws -> String {
        guard let path = paths[provider] else {
            throw Refusal("Where is the endpoint of \(provider)? Say: endpoint /v1/hooks/\(provider)/…")
        }
        return path
    }

    /// Posts a hook to the endpoint of a service, or to an address behind it that Bureau has named.
    func post(_ hook: StandInHook, to provider: String, at address: String? = nil) async throws {
        let named = address.flatMap { address in
            address.firstRange(of: "/v1/hooks/").map { String(address[$0.lowerBound...]) }
        }
        let answer = try await post(named ?? path(of: provider), headers: hook.headers, hook.body)
        guard answer.status == 200 else { throw Refusal("Bureau answered \(answer.status).") }
    }

    private func post(
        _ path: String, headers: [(name: String, value: String)], _ body: [UInt8]
    ) async throws -> HTTPClientResponse {
        try await client.send(
            HTTPClientRequest("POST", OutboundURL(bureau + path), headers: headers, body: body))
    }
}

/// The answer to whoever typed a line.
struct Refusal: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
