package import Agents
package import Integrations
internal import JSON
internal import Records
internal import Social

/// Posts of X that are taken back: https://docs.x.com/x-api/posts/delete-post
extension XNetwork: SocialRemoving {
    package func remove(
        _ part: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let request = ServiceWire.Request(
            "DELETE", "\(access.baseURL)/2/tweets/\(part.percentEncoded)", headers: headers(access),
            isDoubtful: true)
        do throws(ToolFailure) {
            let answer = try await ask(request, access, reach)
            guard answer["data"]?["deleted"] == true else { throw wire.unreadable("DELETE") }
        } catch {
            guard error.code == "not_found" else { throw error }
        }
    }

    package func stands(
        _ part: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Bool {
        let answer = try await ask(
            get("/2/tweets?ids=\(part.percentEncoded)", access), access, reach, isPartly: true)
        if answer["data"]?.array?.contains(where: { $0["id"]?.text == part }) == true { return true }
        let isGone = answer["errors"]?.array?.contains { error in
            error["type"]?.text?.hasSuffix("/resource-not-found") == true
        }
        guard isGone == true else { throw wire.unreadable() }
        return false
    }
}
