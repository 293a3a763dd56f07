internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Lexicons
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
package import Transfer

/// The most figures that one request may bring.
private let metricsMax = 1000

func metricRoutes(_ routes: inout Routes, uploads: String) {
    routes.standard(
        MetricValue.resource, read: "metrics:read", write: "metrics:write", create: false)
    routes.transfer(MetricValue.transfer, folder: uploads)
    routes.schema("MetricPost", postSchema)
    routes.schema("MetricPosted", postedSchema)
    routes.post(
        "/v1/metrics", .permission("metrics:write"),
        "Record a metric, or up to \(metricsMax) in data; a value of the same day is replaced",
        body: .json(.reference("MetricPost")), .record(MetricValue.resource, status: 201),
        .json(
            ["anyOf": [.reference("MetricPosted"), .reference(MetricValue.resource.schema.name)]],
            "The result for each entry of data; or the metric, where it replaced one of the same day.")
    ) { call in
        let body = try call.object()
        guard let data = body["data"] else {
            let figure = try MetricValue.read(body)
            return .write { tx in
                var figure = figure
                figure.beginLife(id: tx.nextID(), now: tx.now)
                let isNew = try tx.metrics.put(&figure, by: call.actor)
                return .record(
                    figure, status: isNew ? 201 : 200, location: isNew ? "/v1/metrics/\(figure.id)" : nil)
            }
        }
        let figures = try read(data, besides: body)
        return .write { tx in
            var made = 0, ids: [JSON] = []
            for (index, figure) in figures.enumerated() {
                var figure = figure
                figure.beginLife(id: tx.nextID(), now: tx.now)
                do {
                    if try tx.metrics.put(&figure, by: call.actor) { made += 1 }
                } catch let problem as Problem {
                    throw problem.moved(under: "/data/\(index)")
                }
                ids.append(JSON(figure.id))
            }
            return .json([
                "created": JSON(made), "updated": JSON(figures.count - made), "ids": .array(ids),
            ])
        }
    }
}

/// Every fault of every figure at once.
private func read(_ data: JSON, besides body: JSONObject) throws(Problem) -> [MetricValue] {
    var faults = Faults(), references: [Reference] = []
    for name in body.keys where name != "data" {
        faults.add(
            "/\(name.pointerToken)", "unknown_field",
            "The body has no other field than data: leave the others out.")
    }
    guard let items = data.array else {
        faults.add("/data", "wrong_type", "data must be a list.")
        throw Problem(faults: faults.list)
    }
    guard items.count <= metricsMax else { throw Problem(.tooManyOperations) }
    if items.isEmpty { faults.add("/data", "required", "data must have at least one entry.") }
    var figures: [MetricValue] = []
    for (index, item) in items.enumerated() {
        guard let object = item.object else {
            faults.add("/data/\(index)", "wrong_type", "Each entry of data must be an object.")
            continue
        }
        references += MetricValue.schema.references(in: object, at: "/data/\(index)")
        do throws(Problem) {
            figures.append(try MetricValue.read(object))
        } catch {
            faults.add(contentsOf: error.faults.map { $0.moved(under: "/data/\(index)") })
        }
    }
    guard faults.isEmpty else {
        var problem = Problem(faults: faults.list)
        problem.references = references
        throw problem
    }
    return figures
}

extension Problem {
    fileprivate func moved(under pointer: String) -> Problem {
        faults.isEmpty ? self : Problem(faults: faults.map { $0.moved(under: pointer) })
    }
}

private let postSchema: JSON = {
    var properties = MetricValue.resource.schema.jsonSchema(.create)["properties"]?.object ?? [:]
    properties["data"] = [
        "type": "array", "maxItems": .integer(Int64(metricsMax)), "items": .reference("MetricCreate"),
        "description": "Many metrics, instead of one.",
    ]
    return JSON.schema(properties).merging(["additionalProperties": false])
}()

private let postedSchema = JSON.schema(
    [
        "created": ["type": "integer"], "updated": ["type": "integer"],
        "ids": [
            "type": "array", "items": ["type": "string"],
            "description": "The ids of the metrics, in the order of data.",
        ],
    ], required: ["created", "updated", "ids"])

extension MetricValue {
    /// The import of metrics from the exports of advertising and analytics services.
    package static var transfer: Transfer<MetricValue> {
        var transfer = Transfer(resource, Lexicon("metrics", in: ResourceTable.texts)) { figure, tx in
            try tx.metrics.known(figure)?.id
        }
        transfer.references = [.client("client_id", by: "client")]
        return transfer
    }
}

extension TransferReference {
    /// A client, by its name.
    package static func client(_ field: String, by column: String) -> TransferReference {
        TransferReference(
            field, by: [column],
            exists: { reader, id in
                try ClientID(id).flatMap { try Client.resource.find($0, in: reader) } != nil
            },
            find: { tx, given -> ClientID? in
                guard let name = given[column] else { return nil }
                return try Client.resource.first(
                    where: "name = \(name)", suffix: "ORDER BY row LIMIT 1", in: tx)?.id
            },
            keys: { reader, ids in try Client.resource.texts(\.name, of: ids, in: reader) })
    }
}
