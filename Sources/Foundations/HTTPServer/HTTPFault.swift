package import Telemetry

/// A fault that the server itself finds with a request, before or instead of the application.
package enum HTTPFault: Hashable, Sendable {
    /// The first line is not a method, a target and a version with one space between them, ended by CRLF.
    case badRequestLine
    /// The method is not a token (RFC 9110 §5.6.2), or far too long.
    case badMethod
    /// The version is neither HTTP/1.1 nor HTTP/1.0.
    case unsupportedVersion
    /// The target has a broken escape, a NUL, control bytes or invalid UTF-8, or no path.
    case badTarget
    /// The query has a broken escape, a NUL, control bytes or invalid UTF-8.
    case badQuery
    case targetTooLong(limit: Int)
    case tooManyParameters(limit: Int)
    /// The fields are too many or too large.
    case headTooLarge(limit: Int)
    case missingHost
    /// A field's name is not a token (it may be empty or followed by a space), its value has control characters, or
    /// its line is folded or not ended by CRLF.
    case badField
    /// A Content-Length is not a number.
    case badLength
    /// More than one Content-Length or Host.
    case duplicateField(String)
    /// Content-Length beside Transfer-Encoding: the classic request smuggling.
    case lengthWithCoding
    /// A Transfer-Encoding other than `chunked`.
    case unsupportedCoding
    /// A chunk has no size, is not as long as its size says, or has a line that is not ended by CRLF.
    case badChunk
    /// An Expect other than `100-continue`.
    case expectationFailed
    case bodyTooLarge(limit: Int64)
    /// The head or the body did not arrive in time.
    case timedOut
    /// The body could not be written to the spool directory.
    case spoolFailed(SystemFault)
    /// The server stops before the answer was there.
    case draining
    /// The handler let go of its exchange without an answer.
    case unanswered

    package var status: Int {
        switch self {
        case .badRequestLine, .badMethod, .badTarget, .badQuery, .tooManyParameters, .missingHost, .badField,
            .badLength, .duplicateField, .lengthWithCoding, .unsupportedCoding, .badChunk:
            400
        case .timedOut: 408
        case .bodyTooLarge: 413
        case .targetTooLong: 414
        case .expectationFailed: 417
        case .headTooLarge: 431
        case .unanswered: 500
        case .draining, .spoolFailed: 503
        case .unsupportedVersion: 505
        }
    }

    /// A stable name in snake case, as a problem document's `code`.
    package var code: String {
        switch self {
        case .badRequestLine: "bad_request_line"
        case .badMethod: "bad_method"
        case .unsupportedVersion: "unsupported_http_version"
        case .badTarget: "bad_target"
        case .badQuery: "bad_query"
        case .targetTooLong: "target_too_long"
        case .tooManyParameters: "too_many_parameters"
        case .headTooLarge: "headers_too_large"
        case .missingHost: "missing_host"
        case .badField: "bad_header"
        case .badLength: "bad_content_length"
        case .duplicateField: "duplicate_header"
        case .lengthWithCoding: "ambiguous_length"
        case .unsupportedCoding: "unsupported_transfer_encoding"
        case .badChunk: "bad_chunk"
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
        case .badRequestLine:
            "The first line is not a method, a target and a version, with one space between them and CR LF at its end."
        case .badMethod: "The method is not a valid token."
        case .unsupportedVersion: "The version of HTTP is not supported: send HTTP/1.1 or HTTP/1.0."
        case .badTarget: "The request target is not a valid path."
        case .badQuery: "The query is not validly encoded."
        case .targetTooLong(let limit): "The request target is longer than \(limit) bytes."
        case .tooManyParameters(let limit): "The query has more than \(limit) parameters."
        case .headTooLarge(let limit): "The request's headers are larger than \(limit) bytes, or too many."
        case .missingHost: "An HTTP/1.1 request needs a Host header."
        case .badField:
            "A header has an invalid name, a control character in its value, or a line that does not end with CR LF."
        case .badLength: "The Content-Length is not a number."
        case .duplicateField(let name): "The header \(name) appears more than once."
        case .lengthWithCoding: "The request has both Content-Length and Transfer-Encoding: send one of them."
        case .unsupportedCoding: "The transfer coding is not supported: send chunked, or a Content-Length."
        case .badChunk:
            "The body's chunks do not have the lengths that they say, or their lines do not end with CR LF."
        case .expectationFailed: "The expectation is not supported: send 100-continue, or none."
        case .bodyTooLarge(.max): "The body is larger than any body may be."
        case .bodyTooLarge(let limit): "The body is larger than \(limit) bytes."
        case .timedOut: "The request took too long to arrive."
        case .spoolFailed(let fault) where fault.isFullDisk:
            "The upload could not be stored: the server's disk is full. Nothing was kept of it."
        case .spoolFailed:
            "The upload could not be stored: the server's disk did not take it. Nothing was kept of it."
        case .draining: "The server is shutting down: try again in a moment."
        case .unanswered: "The request was not answered: try again."
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
