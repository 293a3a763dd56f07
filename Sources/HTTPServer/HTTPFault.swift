/// What the server itself finds wrong with a request, before or instead of the application.
package enum HTTPFault: Hashable, Sendable {
    /// The method is not a token (RFC 9110 §5.6.2).
    case badMethod
    /// The target has a broken escape, a NUL, control bytes or invalid UTF-8, or no path.
    case badTarget
    /// The same, after the question mark.
    case badQuery
    case targetTooLong(limit: Int)
    /// The fields are too many or too large.
    case headTooLarge(limit: Int)
    case missingHost
    /// A field's name is not a token, as with a space before its colon.
    case badField
    /// More than one Content-Length or Host.
    case duplicateField(String)
    /// Content-Length beside Transfer-Encoding: the classic request smuggling.
    case lengthWithCoding
    /// A Transfer-Encoding other than `chunked`.
    case unsupportedCoding
    /// An Expect other than `100-continue`.
    case expectationFailed
    case bodyTooLarge(limit: Int64)
    /// The head or the body did not arrive in time.
    case timedOut
    /// The body could not be written to the spool directory.
    case spoolFailed(errno: Int32)
    /// The server stops before the answer was there.
    case draining
    /// The handler let go of its exchange without an answer.
    case unanswered

    package var status: Int {
        switch self {
        case .badMethod, .badTarget, .badQuery, .missingHost, .badField, .duplicateField, .lengthWithCoding,
            .unsupportedCoding:
            400
        case .timedOut: 408
        case .bodyTooLarge: 413
        case .targetTooLong: 414
        case .expectationFailed: 417
        case .headTooLarge: 431
        case .spoolFailed, .unanswered: 500
        case .draining: 503
        }
    }

    /// A stable name in snake case, as a problem document's `code`.
    package var code: String {
        switch self {
        case .badMethod: "bad_method"
        case .badTarget: "bad_target"
        case .badQuery: "bad_query"
        case .targetTooLong: "target_too_long"
        case .headTooLarge: "headers_too_large"
        case .missingHost: "missing_host"
        case .badField: "bad_header"
        case .duplicateField: "duplicate_header"
        case .lengthWithCoding: "ambiguous_length"
        case .unsupportedCoding: "unsupported_transfer_encoding"
        case .expectationFailed: "expectation_failed"
        case .bodyTooLarge: "body_too_large"
        case .timedOut: "request_timeout"
        case .spoolFailed: "upload_not_stored"
        case .draining: "shutting_down"
        case .unanswered: "internal_error"
        }
    }

    /// One sentence for the client.
    package var detail: String {
        switch self {
        case .badMethod: "The method is not a valid token."
        case .badTarget: "The request target is not a valid path."
        case .badQuery: "The query is not validly encoded."
        case .targetTooLong(let limit): "The request target is longer than \(limit) bytes."
        case .headTooLarge(let limit): "The request's headers are larger than \(limit) bytes, or too many."
        case .missingHost: "An HTTP/1.1 request needs a Host header."
        case .badField: "A header's name is not a valid token."
        case .duplicateField(let name): "The header \(name) appears more than once."
        case .lengthWithCoding: "Content-Length and Transfer-Encoding exclude each other."
        case .unsupportedCoding: "The only transfer coding supported is chunked."
        case .expectationFailed: "The only expectation supported is 100-continue."
        case .bodyTooLarge(let limit): "The body is larger than \(limit) bytes."
        case .timedOut: "The request took too long to arrive."
        case .spoolFailed: "The upload could not be stored."
        case .draining: "The server is shutting down."
        case .unanswered: "The request was not answered."
        }
    }

    /// The answer where the configuration brings none of its own.
    package static func problem(_ fault: HTTPFault, _ head: RequestHead?) -> Response {
        let text = """
            {"type":"about:blank","title":"\(fault.code)","status":\(fault.status),\
            "detail":"\(fault.detail)","code":"\(fault.code)"}
            """
        return Response(
            status: fault.status, headers: [("Content-Type", "application/problem+json")],
            body: .bytes(Array(text.utf8)))
    }
}
