internal import Agents
internal import HTTPClient

/// The tools' way out to the web: over the client, which guards where it leads.
struct WebOutbound: OutboundHTTP {
    let client: HTTPClient

    func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundResponse {
        do {
            let url = try OutboundURL(request.url)
            try client.check(url)
            var outgoing = HTTPClientRequest(
                request.method, url, headers: request.headers, body: request.body)
            outgoing.deadline = request.timeout
            outgoing.bodyLimit = .fail(request.answerBytesMax)
            // A request that changes something is not repeated at another address.
            outgoing.redirectsMax = ["GET", "HEAD"].contains(request.method) ? 5 : 0
            let answer = try await client.send(outgoing)
            return OutboundResponse(status: answer.status, headers: answer.headers, body: answer.body)
        } catch let error as HTTPClientError {
            throw OutboundFailure(error)
        } catch {
            throw .broken("the request was interrupted")
        }
    }
}

extension OutboundFailure {
    fileprivate init(_ error: HTTPClientError) {
        self =
            switch error {
            case .invalidURL, .invalidRequest, .refusedAddress, .tooManyRedirects, .downgrade:
                .refused(error.description)
            case .dns, .connect, .tls, .closed: .unreachable(error.description)
            case .timeout: .timeout
            case .tooLarge: .tooLarge
            case .disconnected, .protocol: .broken(error.description)
            }
    }
}
