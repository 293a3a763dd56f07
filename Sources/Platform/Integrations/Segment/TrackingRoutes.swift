internal import Agents
internal import Cryptography
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wire

/// Takes events in the form of Segment's Tracking API, so that its libraries send them here when they are given this
/// host. They become receipts, once each, of the integration whose public key is their write key.
func trackingRoutes(_ routes: inout Routes, _ integrations: IntegrationServices) {
    let services = integrations.platform
    let (keys, intake) = (PublicKeys(services, of: "segment_source"), HookIntake(services.database))
    routes.schema("TrackingAnswer", answerSchema)
    let calls: [(path: String, type: String?, what: String)] = [
        ("identify", "identify", "the traits of a person"), ("track", "track", "an event of a person"),
        ("page", "page", "that somebody has seen a page"),
        ("screen", "screen", "that somebody has seen a screen"),
        ("group", "group", "to whom somebody belongs"), ("alias", "alias", "that two names are one person's"),
        ("batch", nil, "several events at once"), ("import", nil, "several events of the past"),
    ]
    // Its libraries for browsers know the first letters alone.
    let short = calls.filter { $0.path != "import" }.map { (String($0.path.prefix(1)), $0.type, $0.what) }
    for (path, type, what) in calls + short {
        routes.identifyByKey(at: "/v1/\(path)", openToPages: true)
        routes.post(
            "/v1/\(path)", .anyone, "Record \(what), by a write key as Segment's libraries do",
            named: "tracking_\(path)", body: .raw(limit: TrackedEvents.batchBytesMax, .anything),
            .json(.reference("TrackingAnswer"), "The events are stored; those that cannot be are named.")
        ) { call in
            let now = services.now()
            let events: TrackedEvents, target: PublicKeys.Target
            do throws(TrackingFault) {
                let bytes = try call.unpackedBody()
                guard let body = try? JSONParser.parse(bytes), body.object != nil else {
                    throw .invalidJSON
                }
                target = try keys.target(of: call, body)
                events = try TrackedEvents(body, type: type, receivedAt: now)
            } catch {
                return .response(
                    .json(["success": false, "code": .string(error.code)], status: error.status))
            }
            let answer = events.answer
            guard !events.items.isEmpty else { return .response(.json(answer)) }
            let endpoint = HookIntake.Endpoint(
                tenant: target.tenant, integration: target.integration.id,
                provider: target.integration.provider)
            let kept = events.items.map { KeptItem($0) }
            return .later { done in
                intake.receive(kept, at: endpoint) { isNew in done(isNew.map { _ in .json(answer) }) }
            }
        }
    }
}

extension Call {
    /// The body as it was before its sender compressed it.
    fileprivate func unpackedBody() throws(TrackingFault) -> [UInt8] {
        guard let coding = request.head.header("Content-Encoding"), coding.lowercased() != "identity" else {
            return request.bytes
        }
        guard coding.lowercased() == "gzip" else { throw .unknownCoding }
        do throws(Gzip.Fault) {
            return try Gzip.decoded(request.bytes, limit: TrackedEvents.batchBytesMax)
        } catch {
            throw error == .tooLarge ? .tooLarge : .invalidJSON
        }
    }
}

extension PublicKeys {
    /// The source whose write key a request has: as the user of Basic authentication, or in its body.
    fileprivate func target(of call: Call, _ body: JSON) throws(TrackingFault) -> Target {
        var key = body["writeKey"]?.text ?? ""
        if let header = call.request.head.header("Authorization"), header.hasPrefix("Basic "),
            let pair = Base64.decode(String(header.dropFirst("Basic ".count)))
        {
            key = String(decoding: pair.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
        }
        do {
            return try target(key)
        } catch let problem as Problem where problem.type == .rateLimited {
            throw TrackingFault(status: 429, code: "rate_limited")
        } catch {
            throw .invalidKey
        }
    }
}

extension TrackedEvents {
    fileprivate var answer: JSON {
        guard !rejected.isEmpty else { return ["success": true] }
        return [
            "success": true, "accepted": .integer(Int64(items.count)),
            "rejected": .array(
                rejected.map { ["index": .integer(Int64($0.index)), "code": .string($0.code)] }),
        ]
    }
}

private let answerSchema: JSON = .schema(
    [
        "success": ["type": "boolean"], "code": ["type": "string"], "accepted": ["type": "integer"],
        "rejected": [
            "type": "array",
            "items": .record(["index": ["type": "integer"], "code": ["type": "string"]]),
        ],
    ], required: ["success"])
