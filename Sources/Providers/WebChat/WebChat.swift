package import Integrations

/// The chat on the agency's own pages. There is no service behind it: visitors come in by the key that a page names.
package struct WebChat: IntegrationProvider {
    package let name = "web_chat"
    package let title = "Web chat"
    package let capabilities: Set<Capability> = [.chat]
    package let credentials: [CredentialField] = []
    package let baseURL: String? = nil
    package let schemes: [String] = []
    package let hasPublicKey = true

    package init() {}

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        .good("The web chat needs no test: whoever has the key can write.")
    }
}
