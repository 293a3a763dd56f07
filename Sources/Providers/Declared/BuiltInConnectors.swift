package import HTTPClient
package import Integrations
package import JSON

/// The services whose connectors are documents of the product's (`Resources/connectors`).
package enum BuiltInConnectors {
    /// The documents, by their names. Whether they are without faults is tested.
    package static let documents: [String: JSONObject] = {
        var documents: [String: JSONObject] = [:]
        for (path, text) in ResourceTable.texts where path.hasPrefix("connectors/") {
            let document = try? JSONParser.parse(text).object
            documents[String(path.dropFirst("connectors/".count).dropLast(".json".count))] = document
        }
        return documents
    }()

    /// The connectors of the documents; whoever asks for them first takes a few milliseconds.
    package static let connectors: [ConnectorDocument] = documents.sorted { $0.key < $1.key }
        .compactMap { ConnectorDocument.read($0.value).connector }

    package static func providers(_ outbound: HTTPClient) -> [any IntegrationProvider] {
        connectors.map { DeclaredProvider.make($0, outbound, isBuiltIn: true) }
    }
}
