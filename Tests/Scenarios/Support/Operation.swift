import JSON

/// One operation of the OpenAPI document.
struct Operation: Sendable, CustomStringConvertible {
    let method: String
    /// The path as it is described, and with what stands for parameters that name no record.
    let pattern: String, path: String
    let json: JSON

    var name: String { "\(method) \(pattern)" }
    var description: String { name }
    var parameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            String($0.dropFirst().prefix { $0 != "}" })
        }
    }
    /// The path before the identifier: `/v1/leads` of `/v1/leads/{id}/score`.
    var collection: String? { path.firstRange(of: "/{id}").map { String(path[..<$0.lowerBound]) } }
    /// The query that no request may leave out, with words in it; empty where there is none.
    var requiredQuery: String {
        var items: [String] = []
        for parameter in json["parameters"]?.array ?? []
        where parameter["in"] == "query" && parameter["required"] == true {
            let isDay = parameter["schema"]?["format"] == "date"
            items.append("\(parameter.text("name"))=\(isDay ? "2027-01-01" : "words")")
        }
        return items.isEmpty ? "" : "?" + items.joined(separator: "&")
    }
    /// The name of one that the path may mean; the connector is made in `Isolation.seeded()`.
    var sampleName: String {
        if path.hasPrefix("/v1/tools/") { return "http_request" }
        if path.hasPrefix("/v1/lead-sources/") { return "websites" }
        if path.hasPrefix("/v1/lifecycle-stages/") { return "warm" }
        return path.hasPrefix("/v1/connectors/") ? "acme_crm" : "lead_scoring"
    }
    /// Whether it asks for a credential.
    var isPublic: Bool { json["security"]?.array?.isEmpty == true }
    var takesBody: Bool { json["requestBody"] != nil }
    /// Whether its refusals are in the form of Segment, whose libraries call it.
    var isTracking: Bool { json["operationId"]?.text?.hasPrefix("tracking_") == true }

    static func all(in document: JSON) -> [Operation] {
        (document["paths"]?.object?.members ?? []).flatMap { pattern, item in
            let path = pattern.replacing("{language}/{key}", with: "de/report.done").replacing(
                "/v1/wordings/{language}", with: "/v1/wordings/de")
            return (item.object?.members ?? []).compactMap { method, json in
                ["get", "post", "put", "patch", "delete"].contains(method)
                    ? Operation(method: method.uppercased(), pattern: pattern, path: path, json: json) : nil
            }
        }
    }
}
