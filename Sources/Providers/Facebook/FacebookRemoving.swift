package import Agents
package import Integrations
internal import JSON
internal import Social

/// Posts of a page that are taken back.
extension Facebook: SocialRemoving {
    package func remove(
        _ part: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        do throws(ToolFailure) {
            let answer = try await graph.delete(node(part, access), access, reach)
            guard answer["success"] == true else {
                throw ToolFailure(
                    "unknown", "Facebook does not say whether the post is gone", isRetryable: true,
                    isAmbiguous: true)
            }
        } catch {
            guard error.code == MetaGraph.gone else { throw error }
        }
    }

    package func stands(
        _ part: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Bool {
        do throws(ToolFailure) {
            _ = try await graph.get(node(part, access), "id", access, reach)
            return true
        } catch {
            guard error.code == MetaGraph.gone else { throw error }
            return false
        }
    }
}
