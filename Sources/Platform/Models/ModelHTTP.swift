package import HTTPClient
package import Intelligence
internal import JSON

extension ModelTransport {
    /// Over HTTP: a key as bearer token, answers of some megabytes, streams as server-sent events. Nothing is repeated
    /// here; the gateway knows what is worth it.
    package static func http(_ client: HTTPClient) -> ModelTransport {
        ModelTransport { route, path, body in
            do {
                let response = try await client.send(try request(route, path, body))
                return Answer(status: response.status, header: { response.header($0) }, body: response.body)
            } catch let error as HTTPClientError {
                throw ModelFailure.unreachable("\(error)")
            }
        } stream: { route, path, body, receive in
            try await stream(client, route, path, body, receive)
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
