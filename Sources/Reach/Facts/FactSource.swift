internal import JSON
package import Nouns
internal import Records

/// A person, thing or service that says a fact.
package struct FactSource: Hashable, Sendable {
    package enum Kind: String, Choice {
        case person, file, website, directory, register, feed, provider, crm, model
    }

    package var kind: Kind
    /// The name of the source: of a person, a file, a provider, or of a source such as `website`.
    package var name: String
    /// The address of the page, entry or record that says it.
    package var url: String?
    package var integrationID: IntegrationID?

    package init(_ kind: Kind, _ name: String, url: String? = nil, integration: IntegrationID? = nil) {
        (self.kind, self.name, self.url, integrationID) = (kind, name, url, integration)
    }

    /// Returns whether two are the same source, wherever each says it.
    package func isSame(as other: FactSource) -> Bool { kind == other.kind && name == other.name }

    /// Whether people wrote it, themselves or in a file of theirs: no other source replaces that.
    package var isHuman: Bool { kind == .person || kind == .file }
}
