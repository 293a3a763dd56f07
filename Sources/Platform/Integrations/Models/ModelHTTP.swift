package import Agents
package import HTTPClient
package import Intelligence
internal import JSON

extension ModelTransport {
    /// Over HTTP, for one request that the gate has let out: a key as bearer token, answers of some megabytes, streams
    /// as server-sent events. Nothing is repeated here; the gateway knows what is worth it.
    package static func http(_ client: HTTPClient, _ permit: Permit) -> ModelTransport {
        let reach = permit.reach
        return ModelTransport { route, path, body in
            do {
                reach.note(bytes: body.count)
                let response = try await client.send(try request(route, path, body))
                reach.note(bytes: response.body.count)
                reach.note(ServiceLimit(status: response.status) { response.header($0) })
                return Answer(status: response.status, header: { response.header($0) }, body: response.body)
            } catch let error as HTTPClientError {
                throw ModelFailure.unreachable("\(error)")
            }
        } stream: { route, path, body, receive in
            reach.note(bytes: body.count)
            return try await stream(client, route, path, body) { data in
                reach.note(bytes: data.utf8.count)
                try await receive(data)
            }
        }
    }

    private static let answerBytesMax = 4 * 1024 * 1024
    /// Longer silence is the end of a stream; a whole answer may take its time.
    private static let silenceMax: Duration = .seconds(30)

    private static func request(
        _ route: ModelRoute, _ path: String, _ body: [UInt8]
    ) throws(HTTPClientError) -> HTTPClientRequest {
        var request = HTTPClientRequest(
            "POST", try OutboundURL(route.baseURL + path), headers: [("Content-Type", "application/json")],
            body: body)
        if !route.key.isEmpty { request.headers.append(("Authorization", "Bearer \(route.key)")) }
        request.deadline = route.deadline
        request.redirectsMax = 0
        request.bodyLimit = .fail(answerBytesMax)
        return request
    }

    private static func stream(
        _ client: HTTPClient, _ route: ModelRoute, _ path: String, _ body: [UInt8],
        _ receive: @Sendable (String) async throws -> Void
    ) async throws -> Answer {
        do {
            var request = try request(route, path, body)
            request.headers.append(("Accept", "text/event-stream"))
            request.silenceMax = silenceMax
            let stream = try await client.stream(request)
            let header = { @Sendable (name: String) in
                stream.headers.first { $0.name.lowercased() == name.lowercased() }?.value
            }
            guard (200...299).contains(stream.status) else {
                return Answer(status: stream.status, header: header, body: try await stream.body.collect())
            }
            var reader = EventStreamReader()
            for try await part in stream.body {
                for frame in reader.read(part) { try await receive(frame.data) }
                guard reader.size <= answerBytesMax else {
                    throw ModelFailure.malformed("a part does not end")
                }
            }
            return Answer(status: stream.status, header: header, body: [])
        } catch let error as HTTPClientError {
            throw ModelFailure.unreachable("\(error)")
        }
    }
}

extension ServiceLimit {
    /// Reads what a model's server says of how often it may be asked.
    fileprivate init(status: Int, _ header: (String) -> String?) {
        self.init()
        limit = header("x-ratelimit-limit-requests").flatMap { Int($0) }
        left = header("x-ratelimit-remaining-requests").flatMap { Int($0) }
        resetsAfter = header("x-ratelimit-reset-requests").flatMap(Self.time)
        // Without a time it is asked again soon, and not spared.
        guard status == 429 else { return }
        pause = ModelFailure(status: status, header: header, body: []).pause
    }

    /// Such as `1s`, `6m0s` or `20ms`; a bare number is seconds.
    private static func time(_ text: String) -> Duration? {
        let units: [String: Double] = ["h": 3_600_000, "m": 60_000, "s": 1000, "": 1000, "ms": 1]
        var rest = text[...], milliseconds = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isNumber || $0 == "." }
            let unit = rest.dropFirst(number.count).prefix(while: \.isLetter)
            guard let value = Double(number), let scale = units[String(unit)] else { return nil }
            milliseconds += value * scale
            rest = rest.dropFirst(number.count + unit.count)
        }
        return .milliseconds(Int64(min(milliseconds, 86_400_000)))
    }
}
