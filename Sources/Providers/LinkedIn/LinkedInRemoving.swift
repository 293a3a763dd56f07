package import Agents
package import Integrations
internal import Records
internal import Social

/// Posts of LinkedIn that are taken back.
extension LinkedIn: SocialRemoving {
    package func remove(
        _ part: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        do throws(ToolFailure) {
            _ = try await ask(
                "/rest/posts/\(part.percentEncoded)", access, reach, method: "DELETE", changes: true,
                more: [("X-RestLi-Method", "DELETE")])
        } catch {
            guard error.code == "not_found" else { throw error }
        }
    }

    package func stands(
        _ part: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Bool {
        do throws(ToolFailure) {
            _ = try await ask("/rest/posts/\(part.percentEncoded)", access, reach)
            return true
        } catch {
            guard error.code == "not_found" else { throw error }
            return false
        }
    }
}
