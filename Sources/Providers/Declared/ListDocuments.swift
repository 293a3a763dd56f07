internal import Integrations
package import JSON

/// The connectors of marketing services as documents (`Resources/lists`): their contacts are data as any other's, while
/// who leaves a list is the work of the services' own types.
package enum ListDocuments {
    /// The documents, by their names. Whether they are without faults is tested.
    package static let documents: [String: JSONObject] = {
        var documents: [String: JSONObject] = [:]
        for (path, text) in ResourceTable.texts where path.hasPrefix("lists/") {
            documents[String(path.dropFirst("lists/".count).dropLast(".json".count))] =
                try? JSONParser.parse(text).object
        }
        return documents
    }()

    static let mailchimp = connector("mailchimp"), activeCampaign = connector("activecampaign")

    private static func connector(_ name: String) -> ConnectorDocument {
        guard let connector = documents[name].flatMap({ ConnectorDocument.read($0).connector }) else {
            preconditionFailure("the document \(name) has faults")
        }
        return connector
    }
}
