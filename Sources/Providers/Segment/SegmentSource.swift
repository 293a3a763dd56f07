package import Integrations
internal import JSON
internal import Records

/// Events of the agency's pages and programs in the form of Segment's Tracking API, sent by its libraries. There is no
/// service behind it: the public key is their write key.
package struct SegmentSource: IntegrationProvider {
    package let name = "segment_source"
    package let title = "Events, as Segment's libraries send them"
    package let capabilities: Set<Capability> = [.generic]
    package let credentials: [CredentialField] = []
    package let settings = [
        SettingField(
            "on_event", .document(schema: ["type": "object"]), "The action for an event, by its name.")
    ]
    package let baseURL: String? = nil
    package let schemes: [String] = []
    package let hasPublicKey = true

    package init() {}

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        .good("This integration needs no test: whoever has its public key can send events.")
    }
}
